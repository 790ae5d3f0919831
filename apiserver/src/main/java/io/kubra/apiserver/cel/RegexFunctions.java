package io.kubra.apiserver.cel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import io.kubra.apiserver.cel.Function.Arg;
import java.util.ArrayList;
import java.util.List;

/** The regular expression library: find, findAll. */
final class RegexFunctions {
  private static final CelType TEXTS = ListType.create(SimpleType.STRING);
  private static final List<Arg> TWO = List.of(Arg.STRING, Arg.STRING);

  static final List<Function> ALL =
      List.of(
          Function.of(
              "find",
              Function.member(
                  "string_find_string",
                  SimpleType.STRING,
                  TWO,
                  a -> {
                    Matcher m = matcher(a);
                    return m.find() ? m.group() : "";
                  })),
          Function.of(
              "findAll",
              Function.member("string_find_all_string", TEXTS, TWO, a -> findAll(a, -1)),
              Function.member(
                  "string_find_all_string_int",
                  TEXTS,
                  List.of(Arg.STRING, Arg.STRING, Arg.INT),
                  a -> findAll(a, (Long) a[2]))));

  private RegexFunctions() {}

  private static List<String> findAll(Object[] arguments, long most) throws CelEvaluationException {
    List<String> all = new ArrayList<>();
    Matcher m = matcher(arguments);
    while ((most < 0 || all.size() < most) && m.find()) {
      all.add(m.group());
    }
    return all;
  }

  private static Matcher matcher(Object[] arguments) throws CelEvaluationException {
    try {
      return Pattern.compile((String) arguments[1]).matcher((String) arguments[0]);
    } catch (PatternSyntaxException e) {
      throw new CelEvaluationException("Illegal regex: " + e.getMessage(), e);
    }
  }
}
