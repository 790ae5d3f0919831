package io.kubra.apiserver.discovery;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One element of an Accept header: a media type, its parameters and how much it is wanted. */
public record MediaRange(String type, Map<String, String> parameters, double quality) {

  /** Reads an Accept header, most wanted first; absent or empty means anything. */
  public static List<MediaRange> parse(@Nullable String accept) {
    if (accept == null || accept.isBlank()) {
      return List.of(new MediaRange("*/*", Map.of(), 1));
    }
    List<MediaRange> ranges = new ArrayList<>();
    for (String element : accept.split(",")) {
      String[] parts = element.split(";");
      Map<String, String> parameters = new LinkedHashMap<>();
      double quality = 1;
      for (int i = 1; i < parts.length; i++) {
        int equals = parts[i].indexOf('=');
        if (equals < 0) {
          continue;
        }
        String name = parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT);
        String value = parts[i].substring(equals + 1).strip();
        if (name.equals("q")) {
          quality = number(value);
        } else {
          parameters.put(name, value);
        }
      }
      String type = parts[0].strip().toLowerCase(Locale.ROOT);
      if (!type.isEmpty() && quality > 0) {
        ranges.add(new MediaRange(type, parameters, quality));
      }
    }
    // the sort is stable: among equals the client's order decides
    ranges.sort(Comparator.comparingDouble(MediaRange::quality).reversed());
    return ranges;
  }

  /** Whether the range includes a media type, parameters aside. */
  public boolean includes(String mediaType) {
    return type.equals("*/*")
        || type.equals(mediaType)
        || (type.endsWith("/*") && mediaType.startsWith(type.substring(0, type.length() - 1)));
  }

  /** The parameter of that name, or the empty string. */
  public String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 1;
    }
  }
}
