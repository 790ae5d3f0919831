package io.kubra.addons.helm.library;

import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The structures and functions of the library's C header. Reading them from the header that comes
 * with the library keeps both of one version.
 */
final class Header {
  private static final Pattern STRUCT = Pattern.compile("struct (\\w+)\\s*\\{([^}]*)}\\s*;");
  private static final Pattern FIELD = Pattern.compile("(char\\*|int)\\s+(\\w+)\\s*;");
  private static final Pattern FUNCTION =
      Pattern.compile("extern Result (\\w+)\\(struct (\\w+)\\* \\w+\\);");

  /**
   * One field.
   *
   * @param offset its distance from the start, in bytes
   * @param text whether it points to a string; otherwise it is an int
   */
  record Field(long offset, boolean text) {}

  /**
   * A structure as C lays it out.
   *
   * @param size in bytes
   */
  record Struct(Map<String, Field> fields, long size) {}

  private final Map<String, Struct> structs = new LinkedHashMap<>();
  private final Map<String, String> arguments = new LinkedHashMap<>();

  Header(String text) {
    Matcher struct = STRUCT.matcher(text);
    while (struct.find()) {
      structs.put(struct.group(1), layOut(struct.group(2)));
    }
    Matcher function = FUNCTION.matcher(text);
    while (function.find()) {
      arguments.put(function.group(1), function.group(2));
    }
  }

  private static Struct layOut(String body) {
    long pointer = ValueLayout.ADDRESS.byteSize();
    Map<String, Field> fields = new LinkedHashMap<>();
    long at = 0;
    Matcher field = FIELD.matcher(body);
    while (field.find()) {
      boolean text = field.group(1).startsWith("char");
      long size = text ? pointer : ValueLayout.JAVA_INT.byteSize();
      at = align(at, size);
      fields.put(field.group(2), new Field(at, text));
      at += size;
    }
    return new Struct(fields, align(at, pointer));
  }

  private static long align(long at, long size) {
    return (at + size - 1) / size * size;
  }

  /** The structure that a function takes, or null if there is no such function. */
  @Nullable Struct argument(String function) {
    return structs.get(arguments.getOrDefault(function, ""));
  }
}
