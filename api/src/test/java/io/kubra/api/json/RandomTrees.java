package io.kubra.api.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random object trees for tests; print the seed. */
public final class RandomTrees {
  private RandomTrees() {}

  /** Any value. */
  public static Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 6)) {
      case 0 -> random.nextLong();
      case 1 -> (long) random.nextInt(100);
      case 2 -> random.nextBoolean();
      case 3 -> random.nextInt(1000) + 0.25;
      case 4, 5 -> text(random);
      case 6 -> list(random, depth - 1);
      default -> map(random, depth - 1);
    };
  }

  /** An object. */
  public static Map<String, Object> map(Random random, int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    int size = random.nextInt(5);
    for (int i = 0; i < size; i++) {
      map.put(random.nextInt(4) > 0 ? "k" + random.nextInt(6) : text(random), value(random, depth));
    }
    return map;
  }

  private static List<Object> list(Random random, int depth) {
    List<Object> list = new ArrayList<>();
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      list.add(value(random, depth));
    }
    return list;
  }

  private static String text(Random random) {
    String alphabet = "abcXYZ019-_.:/ \"\\\n\t#'{}[]&*!|>%@`,?é€😀~";
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(12);
    for (int i = 0; i < length; i++) {
      int at = random.nextInt(alphabet.length());
      char c = alphabet.charAt(at);
      text.append(Character.isSurrogate(c) ? "😀" : String.valueOf(c));
    }
    return text.toString();
  }
}
