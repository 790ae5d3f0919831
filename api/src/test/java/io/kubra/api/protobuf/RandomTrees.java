package io.kubra.api.protobuf;

import io.kubra.api.schema.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random trees that fit a schema and hold no zero values. */
final class RandomTrees {
  private final Random random;

  RandomTrees(long seed) {
    this.random = new Random(seed);
  }

  Map<String, Object> object(Schema schema, int depth) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (Schema.Field field : schema.fields().values()) {
      boolean typeMeta = field.name().equals("apiVersion") || field.name().equals("kind");
      if (!typeMeta && random.nextInt(10) < (depth < 4 ? 8 : 3)) {
        Object value = value(field.schema(), depth + 1);
        if (value != null) {
          tree.put(field.name(), value);
        }
      }
    }
    return tree;
  }

  private Object value(Schema schema, int depth) {
    String name = schema.name() == null ? "" : schema.name();
    if (name.endsWith("JSONSchemaPropsOrBool")) {
      return random.nextBoolean();
    }
    if (name.endsWith("JSONSchemaPropsOrStringArray")) {
      return List.of(text());
    }
    if (name.endsWith("JSONSchemaPropsOrArray")) {
      return List.of(new LinkedHashMap<>(Map.of("type", text())), Map.of("title", text()));
    }
    return switch (schema.kind()) {
      case OBJECT -> depth > 7 ? null : object(schema, depth);
      case MAP -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(2); i >= 0; i--) {
          put(map, text(), schema.values() == null ? text() : value(schema.values(), depth + 1));
        }
        yield map.isEmpty() ? null : map;
      }
      case LIST -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(2); i >= 0; i--) {
          Object item = value(schema.items(), depth + 1);
          if (item != null) {
            list.add(item);
          }
        }
        yield list.isEmpty() ? null : list;
      }
      case STRING -> text();
      case INTEGER -> (long) random.nextInt() | 1L;
      case NUMBER -> random.nextInt(1, 1000) + 0.5;
      case BOOLEAN -> true;
      case INT_OR_STRING -> random.nextBoolean() ? (Object) (long) random.nextInt(1, 99) : text();
      case QUANTITY -> random.nextInt(1, 1000) + "Mi";
      case TIME -> "2026-02-03T04:05:%02dZ".formatted(random.nextInt(60));
      case MICRO_TIME -> "2026-02-03T04:05:06.%06dZ".formatted(random.nextInt(1_000_000));
      case BYTES -> "AQID";
      case RAW -> new LinkedHashMap<>(Map.of("k", List.of(1L, "x")));
    };
  }

  private static void put(Map<String, Object> map, String key, Object value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  private String text() {
    return "t" + Integer.toString(random.nextInt(1, 100_000), 36) + "é";
  }
}
