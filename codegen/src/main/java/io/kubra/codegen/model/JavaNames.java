package io.kubra.codegen.model;

import java.util.Set;
import java.util.regex.Pattern;

/** Maps schema names to Java packages, classes and component names. */
final class JavaNames {
  private static final Set<String> RESERVED =
      Set.of(
          "abstract",
          "assert",
          "boolean",
          "break",
          "byte",
          "case",
          "catch",
          "char",
          "class",
          "const",
          "continue",
          "default",
          "do",
          "double",
          "else",
          "enum",
          "extends",
          "final",
          "finally",
          "float",
          "for",
          "goto",
          "if",
          "implements",
          "import",
          "instanceof",
          "int",
          "interface",
          "long",
          "native",
          "new",
          "package",
          "private",
          "protected",
          "public",
          "return",
          "short",
          "static",
          "strictfp",
          "super",
          "switch",
          "synchronized",
          "this",
          "throw",
          "throws",
          "transient",
          "try",
          "void",
          "volatile",
          "while",
          "true",
          "false",
          "null",
          "notify",
          "wait",
          "hashCode",
          "toString",
          "clone",
          "finalize",
          "record");
  private static final Pattern PRE_RELEASE = Pattern.compile("v\\d+(alpha|beta)\\d+");

  private JavaNames() {}

  /** Whether the typed model carries this type: everything but alpha and beta versions. */
  static boolean stable(String type) {
    String[] parts = type.split("\\.");
    return !PRE_RELEASE.matcher(parts[parts.length - 2]).matches();
  }

  /** The Java package of a schema type such as {@code io.k8s.api.core.v1.Pod}. */
  static String packageOf(String type) {
    String[] parts = type.split("\\.");
    String version = parts[parts.length - 2];
    String group = parts[parts.length - 3];
    return version.matches("v\\d+.*")
        ? "io.kubra.model." + group + "." + version
        : "io.kubra.model." + version;
  }

  static String simpleName(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  static String className(String type) {
    return packageOf(type) + "." + simpleName(type);
  }

  /** The record component for a JSON property. */
  static String component(String property) {
    StringBuilder name = new StringBuilder();
    boolean upper = false;
    for (char c : property.toCharArray()) {
      if (c == '-') {
        upper = true;
      } else if (c != '$') {
        name.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    String plain = name.toString();
    return RESERVED.contains(plain) ? plain + "_" : plain;
  }
}
