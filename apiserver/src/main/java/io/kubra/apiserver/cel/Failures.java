package io.kubra.apiserver.cel;

import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.exceptions.CelDivideByZeroException;
import dev.cel.common.exceptions.CelIndexOutOfBoundsException;
import dev.cel.common.exceptions.CelOverloadNotFoundException;
import dev.cel.runtime.CelEvaluationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Failed evaluations in the words of upstream's evaluator. */
final class Failures {
  private static final Pattern PLACE = Pattern.compile("^evaluation error at <input>:\\d+: ");
  private static final Pattern MISSING_KEY =
      Pattern.compile("key '(.*)' is not present in map\\.?");
  private static final Pattern MISSING_INDEX = Pattern.compile("Index out of bounds: (-?\\d+)");

  private Failures() {}

  /** The failure of an expression that was evaluated for this one, or null. */
  static @Nullable CelException own(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof CelException own) {
        return own;
      }
    }
    return null;
  }

  static String message(CelEvaluationException failure) {
    String text =
        PLACE
            .matcher(String.valueOf(failure.getMessage()).replace("evaluation error: ", ""))
            .replaceFirst("");
    Throwable cause = failure.getCause();
    if (cause instanceof CelOverloadNotFoundException || text.startsWith("No matching overload")) {
      return "no such overload";
    }
    if (cause instanceof CelDivideByZeroException) {
      return text.contains("mod") ? "modulus by zero" : "division by zero";
    }
    if (cause instanceof CelAttributeNotFoundException) {
      Matcher key = MISSING_KEY.matcher(text);
      return key.find() ? "no such key: " + key.group(1) : text;
    }
    if (cause instanceof CelIndexOutOfBoundsException) {
      Matcher index = MISSING_INDEX.matcher(text);
      return index.find() ? "index out of bounds: " + index.group(1) : text;
    }
    return text;
  }
}
