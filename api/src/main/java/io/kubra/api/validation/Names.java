package io.kubra.api.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Checks of names and label parts. Each answers what is wrong, in the reference's words; an empty
 * list means valid.
 */
public final class Names {
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
  private static final String LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
  private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  private static final String LABEL_VALUE = "(" + QUALIFIED + ")?";
  private static final String WILDCARD = "\\*\\." + SUBDOMAIN;
  private static final Pattern WILDCARD_PATTERN = Pattern.compile(WILDCARD);
  private static final Pattern C_IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern ENV_NAME = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");
  private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
  private static final Pattern HTTP_HEADER = Pattern.compile("[-A-Za-z0-9]+");

  private static final String LABEL_TEXT =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
          + " must start and end with an alphanumeric character";
  private static final String SUBDOMAIN_TEXT =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
          + " '.', and must start and end with an alphanumeric character";
  private static final String LABEL_1035_TEXT =
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
          + " alphabetic character, and end with an alphanumeric character";
  private static final String LABEL_VALUE_TEXT =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
          + " '.', and must start and end with an alphanumeric character";
  private static final String QUALIFIED_TEXT =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
          + " alphanumeric character";

  private Names() {}

  /** An RFC 1123 label: names of Namespaces, containers, … */
  public static List<String> dns1123Label(String value) {
    List<String> problems = tooLong(value, 63);
    if (!isLabel(value, 0, value.length(), true)) {
      problems.add(
          isSubdomain(value)
              ? "must not contain dots"
              : regex(LABEL_TEXT, LABEL, "my-name", "123-abc"));
    }
    return problems;
  }

  /** An RFC 1123 subdomain: the names of most objects. */
  public static List<String> dns1123Subdomain(String value) {
    List<String> problems = tooLong(value, 253);
    if (!isSubdomain(value)) {
      problems.add(regex(SUBDOMAIN_TEXT, SUBDOMAIN, "example.com"));
    }
    return problems;
  }

  /** An RFC 1035 label: the names of Services. */
  public static List<String> dns1035Label(String value) {
    List<String> problems = tooLong(value, 63);
    if (!isLabel(value, 0, value.length(), false)) {
      problems.add(regex(LABEL_1035_TEXT, LABEL_1035, "my-name", "abc-123"));
    }
    return problems;
  }

  /** A subdomain with {@code *.} before it: hosts of Ingresses. */
  public static List<String> wildcardSubdomain(String value) {
    List<String> problems = tooLong(value, 253);
    if (!WILDCARD_PATTERN.matcher(value).matches()) {
      problems.add(
          regex(
              "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain,"
                  + " which must consist of lower case alphanumeric characters, '-' or '.' and end"
                  + " with an alphanumeric character",
              WILDCARD,
              "*.example.com"));
    }
    return problems;
  }

  /** A domain name of at least two parts. */
  public static List<String> fullyQualifiedDomainName(String value) {
    if (value.isEmpty()) {
      return List.of("must be non-empty");
    }
    String bare = value.endsWith(".") ? value.substring(0, value.length() - 1) : value;
    List<String> problems = new ArrayList<>(dns1123Subdomain(bare));
    if (problems.isEmpty() && bare.indexOf('.') < 0) {
      problems.add("should be a domain with at least two segments separated by dots");
    }
    return problems;
  }

  /** A label or annotation key, with or without a prefix. */
  public static List<String> qualifiedName(String value) {
    List<String> problems = new ArrayList<>();
    String name = value;
    int slash = value.indexOf('/');
    if (slash >= 0) {
      if (value.indexOf('/', slash + 1) >= 0) {
        problems.add(
            "a qualified name "
                + regex(QUALIFIED_TEXT, QUALIFIED, "MyName", "my.name", "123-abc")
                + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        return problems;
      }
      String prefix = value.substring(0, slash);
      name = value.substring(slash + 1);
      if (prefix.isEmpty()) {
        problems.add("prefix part must be non-empty");
      } else {
        for (String problem : dns1123Subdomain(prefix)) {
          problems.add("prefix part " + problem);
        }
      }
    }
    if (name.isEmpty()) {
      problems.add("name part must be non-empty");
    } else if (name.length() > 63) {
      problems.add("name part must be no more than 63 bytes");
    }
    if (!isQualified(name)) {
      problems.add("name part " + regex(QUALIFIED_TEXT, QUALIFIED, "MyName", "my.name", "123-abc"));
    }
    return problems;
  }

  /** The value of a label. */
  public static List<String> labelValue(String value) {
    List<String> problems = tooLong(value, 63);
    if (!value.isEmpty() && !isQualified(value)) {
      problems.add(regex(LABEL_VALUE_TEXT, LABEL_VALUE, "MyValue", "my_value", "12345"));
    }
    return problems;
  }

  /** A C identifier. */
  public static List<String> cIdentifier(String value) {
    return C_IDENTIFIER.matcher(value).matches()
        ? List.of()
        : List.of(
            regex(
                "a valid C identifier must start with alphabetic character or '_', followed by a"
                    + " string of alphanumeric characters or '_'",
                "[A-Za-z_][A-Za-z0-9_]*",
                "my_name",
                "MY_NAME",
                "MyName"));
  }

  /** The name of an environment variable: printable ASCII without {@code =}. */
  public static List<String> envVarName(String value) {
    boolean valid =
        !value.isEmpty() && value.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '=');
    return valid
        ? List.of()
        : List.of(
            "a valid environment variable name must consist only of printable ASCII characters other than '='");
  }

  /** The name of an environment variable under the older, strict rule. */
  public static List<String> strictEnvVarName(String value) {
    List<String> problems = new ArrayList<>();
    if (!ENV_NAME.matcher(value).matches()) {
      problems.add(
          regex(
              "a valid environment variable name must consist of alphabetic characters, digits, '_',"
                  + " '-', or '.', and must not start with a digit",
              ENV_NAME.pattern(),
              "my.env-name",
              "MY_ENV.NAME",
              "MyEnvName1"));
    }
    dots(value, problems);
    return problems;
  }

  /** A key of a ConfigMap or Secret. */
  public static List<String> configMapKey(String value) {
    List<String> problems = tooLong(value, 253);
    if (!CONFIG_KEY.matcher(value).matches()) {
      problems.add(
          regex(
              "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
              CONFIG_KEY.pattern(),
              "key.name",
              "KEY_NAME",
              "key-name"));
    }
    dots(value, problems);
    return problems;
  }

  private static void dots(String value, List<String> problems) {
    if (value.equals(".")) {
      problems.add("must not be '.'");
    } else if (value.equals("..")) {
      problems.add("must not be '..'");
    } else if (value.startsWith("..")) {
      problems.add("must not start with '..'");
    }
  }

  /** The name of an HTTP header. */
  public static List<String> httpHeaderName(String value) {
    return HTTP_HEADER.matcher(value).matches()
        ? List.of()
        : List.of(
            regex(
                "a valid HTTP header must consist of alphanumeric characters or '-'",
                HTTP_HEADER.pattern(),
                "X-Header-Name"));
  }

  /** The name of a port (IANA_SVC_NAME). */
  public static List<String> portName(String value) {
    List<String> problems = new ArrayList<>();
    if (value.length() > 15) {
      problems.add("must be no more than 15 characters");
    }
    if (!value.chars().allMatch(c -> c == '-' || lowerOrDigit((char) c))) {
      problems.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if (value.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
      problems.add("must contain at least one letter (a-z)");
    }
    if (value.contains("--")) {
      problems.add("must not contain consecutive hyphens");
    }
    if (!value.isEmpty() && (value.startsWith("-") || value.endsWith("-"))) {
      problems.add("must not begin or end with a hyphen");
    }
    return problems;
  }

  /** A name that is one segment of a URL path: names of RBAC objects. */
  public static List<String> pathSegment(String value) {
    if (value.equals(".") || value.equals("..")) {
      return List.of("may not be '" + value + "'");
    }
    List<String> problems = new ArrayList<>();
    for (String part : List.of("/", "%")) {
      if (value.contains(part)) {
        problems.add("may not contain '" + part + "'");
      }
    }
    return problems;
  }

  private static List<String> tooLong(String value, int max) {
    List<String> problems = new ArrayList<>(1);
    int bytes = value.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (bytes > max) {
      problems.add("must be no more than " + max + " bytes");
    }
    return problems;
  }

  /** The reference's way to show a regular expression with examples. */
  static String regex(String text, String pattern, String... examples) {
    StringBuilder message = new StringBuilder(text).append(" (e.g. ");
    for (int i = 0; i < examples.length; i++) {
      message.append(i == 0 ? "'" : " or '").append(examples[i]).append("', ");
    }
    return message.append("regex used for validation is '").append(pattern).append("')").toString();
  }

  private static boolean lowerOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  private static boolean isLabel(String s, int from, int to, boolean digitFirst) {
    if (from >= to || !lowerOrDigit(s.charAt(from)) || !lowerOrDigit(s.charAt(to - 1))) {
      return false;
    }
    if (!digitFirst && s.charAt(from) <= '9') {
      return false;
    }
    for (int i = from; i < to; i++) {
      char c = s.charAt(i);
      if (c != '-' && !lowerOrDigit(c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSubdomain(String s) {
    int from = 0;
    for (int i = 0; i <= s.length(); i++) {
      if (i == s.length() || s.charAt(i) == '.') {
        if (!isLabel(s, from, i, true)) {
          return false;
        }
        from = i + 1;
      }
    }
    return true;
  }

  private static boolean isQualified(String s) {
    int end = s.length();
    if (end == 0 || !alphanumeric(s.charAt(0)) || !alphanumeric(s.charAt(end - 1))) {
      return false;
    }
    for (int i = 0; i < end; i++) {
      char c = s.charAt(i);
      if (!alphanumeric(c) && c != '-' && c != '_' && c != '.') {
        return false;
      }
    }
    return true;
  }

  private static boolean alphanumeric(char c) {
    return lowerOrDigit(c) || (c >= 'A' && c <= 'Z');
  }
}
