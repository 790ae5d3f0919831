package io.kubra.apiserver.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelOptions;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.extensions.CelExtensions;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeBuilder;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The functions of all contexts, and what evaluates programs. */
final class Libraries {
  /** Bounds nested comprehensions where no cost is counted. */
  private static final int MAX_ITERATIONS = 1_000_000;

  static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .comprehensionMaxIterations(MAX_ITERATIONS)
          .build();

  static final List<Function> FUNCTIONS =
      Stream.of(
              ListFunctions.ALL,
              RegexFunctions.ALL,
              UrlFunctions.ALL,
              AddressFunctions.ALL,
              QuantityFunctions.ALL,
              SemverFunctions.ALL,
              FormatFunctions.ALL,
              AuthorizerFunctions.ALL)
          .flatMap(List::stream)
          .toList();

  static final CelRuntime RUNTIME = runtime();

  private Libraries() {}

  private static CelRuntime runtime() {
    CelRuntimeBuilder builder =
        CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .setStandardFunctions(
                CelStandardFunctions.newBuilder()
                    .excludeFunctions(
                        StandardFunction.MATCHES,
                        StandardFunction.EQUALS,
                        StandardFunction.NOT_EQUALS)
                    .build())
            .addFunctionBindings(RegexFunctions.MATCHES.bindings())
            .addFunctionBindings(ValueEquality.EQUALS.bindings())
            .addFunctionBindings(ValueEquality.NOT_EQUALS.bindings())
            .setTypeProvider(new Constructed())
            .setValueProvider((name, fields) -> Optional.of(new ConstructedObject(name, fields)))
            .addLibraries(
                CelExtensions.strings(),
                CelExtensions.optional(),
                CelExtensions.comprehensions(),
                CelExtensions.sets(OPTIONS));
    FUNCTIONS.forEach(f -> builder.addFunctionBindings(f.bindings()));
    builder.addFunctionBindings(ConstructedTypes.ESCAPE_KEY.bindings());
    return builder.build();
  }

  /** The types that programs construct; which fields they have was checked before. */
  private static final class Constructed implements CelTypeProvider {
    @Override
    public ImmutableCollection<CelType> types() {
      return ImmutableList.of();
    }

    @Override
    public Optional<CelType> findType(String name) {
      return ConstructedObject.isType(name)
          ? Optional.of(
              StructType.create(name, ImmutableSet.of(), field -> Optional.of(SimpleType.DYN)))
          : Optional.empty();
    }
  }
}
