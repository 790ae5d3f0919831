package io.kubra.apiserver.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the expressions of a context may use: variables and types beside the libraries, which all
 * contexts share. Immutable; making the first one takes a good part of a second.
 */
public final class Environment {
  private static final CelCompiler LIBRARIES = libraries();

  private final CelCompiler compiler;

  private Environment(CelCompiler compiler) {
    this.compiler = compiler;
  }

  /** Starts a context without variables. */
  public static Builder builder() {
    return new Builder();
  }

  /** Parses an expression without checking it. */
  static CelAbstractSyntaxTree parse(String text) throws CelValidationException {
    return LIBRARIES.parse(text).getAst();
  }

  CelCompiler compiler() {
    return compiler;
  }

  private static CelCompiler libraries() {
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(Libraries.OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(
                CelExtensions.strings(),
                CelExtensions.optional(),
                CelExtensions.comprehensions(),
                CelExtensions.sets(Libraries.OPTIONS));
    Libraries.FUNCTIONS.forEach(f -> builder.addFunctionDeclarations(f.declaration()));
    return builder.build();
  }

  /** Assembles a context. */
  public static final class Builder {
    private final Map<String, CelType> variables = new LinkedHashMap<>();
    private final Types types = new Types();
    private final List<Function> functions = new ArrayList<>(1);

    private Builder() {}

    /** Declares a variable; its type and those below it become known. */
    public Builder variable(String name, CelType type) {
      variables.put(name, type);
      types.add(type);
      return this;
    }

    /** Makes a type known that expressions may construct. */
    public Builder type(CelType type) {
      types.add(type);
      return this;
    }

    /** Adds a function that only this context has. */
    Builder function(Function function) {
      functions.add(function);
      return this;
    }

    public Environment build() {
      CelCompilerBuilder builder = LIBRARIES.toCompilerBuilder().setTypeProvider(types);
      variables.forEach(builder::addVar);
      functions.forEach(f -> builder.addFunctionDeclarations(f.declaration()));
      return new Environment(builder.build());
    }
  }
}
