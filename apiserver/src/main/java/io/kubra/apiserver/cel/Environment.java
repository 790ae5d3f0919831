package io.kubra.apiserver.cel;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelOptions;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;

/**
 * What expressions may use; made with the first expression, which takes a good part of a second.
 */
final class Environment {
  /** Bounds what one evaluation of nested comprehensions may cost. */
  private static final int MAX_ITERATIONS = 1_000_000;

  static final Cel CEL = create();

  private Environment() {}

  private static Cel create() {
    CelOptions options =
        CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .comprehensionMaxIterations(MAX_ITERATIONS)
            .build();
    CelBuilder builder =
        CelFactory.standardCelBuilder()
            .setOptions(options)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("self", SimpleType.DYN)
            .addVar("oldSelf", SimpleType.DYN)
            .addCompilerLibraries(
                CelExtensions.strings(),
                CelExtensions.optional(),
                CelExtensions.sets(options),
                CelExtensions.bindings())
            .addRuntimeLibraries(
                CelExtensions.strings(), CelExtensions.optional(), CelExtensions.sets(options));
    for (Function function : ListFunctions.ALL) {
      function.addTo(builder);
    }
    for (Function function : TextFunctions.ALL) {
      function.addTo(builder);
    }
    for (Function function : QuantityFunctions.ALL) {
      function.addTo(builder);
    }
    return builder.build();
  }
}
