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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The regular expression library (find, findAll), and CEL's {@code matches}. What would cost more
 * than an evaluation may is refused before it is begun, as matching cannot be ended half way.
 */
final class RegexFunctions {
  private static final CelType TEXTS = ListType.create(SimpleType.STRING);
  private static final List<Arg> TWO = List.of(Arg.STRING, Arg.STRING);

  /** Most expressions are constants; those that are not shall not fill the memory. */
  private static final int KEPT = 500;

  private static final int LONGEST_KEPT = 1000;
  private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

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

  /** In the place of the library's own, which compiles its expression each time. */
  static final Function MATCHES =
      Function.of(
          "matches",
          Function.global("matches", SimpleType.BOOL, TWO, a -> matcher(a).find()),
          Function.member("matches_string", SimpleType.BOOL, TWO, a -> matcher(a).find()));

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
    if (CallCosts.of("matches", arguments, null) > Budget.PER_EXPRESSION) {
      throw CelException.outOfBudget("operation cancelled: actual cost limit exceeded");
    }
    return pattern((String) arguments[1]).matcher((String) arguments[0]);
  }

  private static Pattern pattern(String text) throws CelEvaluationException {
    Pattern known = PATTERNS.get(text);
    if (known != null) {
      return known;
    }
    try {
      Pattern made = Pattern.compile(text);
      if (text.length() <= LONGEST_KEPT && PATTERNS.size() < KEPT) {
        PATTERNS.put(text, made);
      }
      return made;
    } catch (PatternSyntaxException e) {
      throw new CelEvaluationException(String.valueOf(e.getMessage()), e);
    }
  }
}
