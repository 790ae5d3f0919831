package io.kubra.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionOverload;
import io.kubra.apiserver.cel.Function.Arg;
import io.kubra.apiserver.cel.Function.Overload;
import java.util.List;

/** The library of semantic versions, and the comparisons it shares with that of quantities. */
final class SemverFunctions {
  private static final CelType TYPE = OpaqueType.create("kubernetes.Semver");
  private static final Arg SEMVER = new Arg(TYPE, SemanticVersion.class);
  private static final List<Arg> TEXT = List.of(Arg.STRING);
  private static final List<Arg> LENIENT = List.of(Arg.STRING, Arg.BOOL);

  static final List<Function> ALL =
      List.of(
          Function.of(
              "semver",
              Function.global("string_to_semver", TYPE, TEXT, a -> required(a, false)),
              Function.global(
                  "string_bool_to_semver", TYPE, LENIENT, a -> required(a, (Boolean) a[1]))),
          Function.of(
              "isSemver",
              Function.global(
                  "is_semver_string", SimpleType.BOOL, TEXT, a -> parse(a, false) != null),
              Function.global(
                  "is_semver_string_bool",
                  SimpleType.BOOL,
                  LENIENT,
                  a -> parse(a, (Boolean) a[1]) != null)),
          part("major", a -> of(a).major()),
          part("minor", a -> of(a).minor()),
          part("patch", a -> of(a).patch()),
          shared(0, "isGreaterThan", SimpleType.BOOL, a -> compare(a) > 0),
          shared(1, "isLessThan", SimpleType.BOOL, a -> compare(a) < 0),
          shared(2, "compareTo", SimpleType.INT, a -> (long) Integer.signum(compare(a))));

  private SemverFunctions() {}

  private static Function part(String name, CelFunctionOverload code) {
    return Function.of(
        name, Function.member("semver_" + name, SimpleType.INT, List.of(SEMVER), code));
  }

  private static Function shared(int n, String name, CelType result, CelFunctionOverload code) {
    Overload own = Function.member("semver_" + name, result, List.of(SEMVER, SEMVER), code);
    return Function.of(name, QuantityFunctions.COMPARISONS.get(n), own);
  }

  private static SemanticVersion of(Object[] arguments) {
    return (SemanticVersion) arguments[0];
  }

  private static int compare(Object[] arguments) {
    return of(arguments).compareTo((SemanticVersion) arguments[1]);
  }

  private static @org.jspecify.annotations.Nullable SemanticVersion parse(
      Object[] arguments, boolean lenient) {
    String text = (String) arguments[0];
    return lenient ? SemanticVersion.parseLenient(text) : SemanticVersion.parse(text);
  }

  private static SemanticVersion required(Object[] arguments, boolean lenient)
      throws dev.cel.runtime.CelEvaluationException {
    return SemanticVersion.required(parse(arguments, lenient));
  }
}
