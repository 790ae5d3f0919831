package io.kubra.api.json;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a plain YAML scalar means: YAML 1.1 with the exceptions that the reference's reader makes.
 */
final class YamlScalars {
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?");

  /** Floats of YAML that JSON does not have. */
  private static final Set<String> NO_JSON =
      Set.of(
          ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
          "-.Inf", "-.INF");

  private YamlScalars() {}

  /** Whether the text, written plain, would be read as that string by any reader. */
  static boolean isText(String s) {
    return !NO_JSON.contains(s)
        && resolve(s) instanceof String
        && !DATE.matcher(s).matches()
        && !sexagesimal(s);
  }

  private static boolean sexagesimal(String s) {
    return s.indexOf(':') > 0 && s.chars().allMatch(c -> "0123456789:.+-_".indexOf(c) >= 0);
  }

  static @Nullable Object resolve(String s) {
    if (s.isEmpty()) {
      return null;
    }
    switch (s) {
      case "~", "null", "Null", "NULL" -> {
        return null;
      }
      case "true", "True", "TRUE", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON" -> {
        return true;
      }
      case "false", "False", "FALSE", "n", "N", "no", "No", "NO", "off", "Off", "OFF" -> {
        return false;
      }
      default -> {
        if (NO_JSON.contains(s)) {
          boolean nan = s.toLowerCase(Locale.ROOT).equals(".nan");
          String value = nan ? "NaN" : s.startsWith("-") ? "-Inf" : "+Inf";
          throw new JsonSyntaxException("json: unsupported value: " + value, 0);
        }
        char c = s.charAt(0);
        return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' ? number(s) : s;
      }
    }
  }

  private static Object number(String s) {
    String plain = s.replace("_", "");
    Object integer = integer(plain);
    if (integer != null) {
      return integer;
    }
    if (!FLOAT.matcher(plain).matches()) {
      return s;
    }
    double number = Double.parseDouble(plain);
    // as the reference, what no float can hold is text
    return Double.isInfinite(number) ? s : (Object) number;
  }

  private static @Nullable Object integer(String s) {
    int start = s.startsWith("-") || s.startsWith("+") ? 1 : 0;
    String sign = s.startsWith("-") ? "-" : "";
    String digits = s.substring(start).toLowerCase(Locale.ROOT);
    int radix = 10;
    if (digits.startsWith("0x")) {
      radix = 16;
      digits = digits.substring(2);
    } else if (digits.startsWith("0b")) {
      radix = 2;
      digits = digits.substring(2);
    } else if (digits.startsWith("0o")) {
      radix = 8;
      digits = digits.substring(2);
    } else if (digits.length() > 1
        && digits.startsWith("0")
        && digits.chars().allMatch(c -> c >= '0' && c <= '7')) {
      radix = 8;
    }
    if (digits.isEmpty() || digits.startsWith("-") || digits.startsWith("+")) {
      return null;
    }
    try {
      return Long.parseLong(sign + digits, radix);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
