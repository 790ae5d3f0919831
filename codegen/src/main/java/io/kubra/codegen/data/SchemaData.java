package io.kubra.codegen.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The schema data files as maps and lists, in the order of the files. */
public final class SchemaData {
  private static final String FOLDER = "/io/kubra/codegen/schema/";
  private static final JsonFactory JSON = new JsonFactory();

  private SchemaData() {}

  /** All types by their full name, in the order of the data. */
  public static Map<String, Map<String, Object>> types() {
    Map<String, Map<String, Object>> types = new LinkedHashMap<>();
    new String(bytes("index.txt"), StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .forEach(file -> map(parse(file)).forEach((name, type) -> types.put(name, map(type))));
    return types;
  }

  /** The resources, in the order of the data. */
  public static List<Map<String, Object>> resources() {
    List<Map<String, Object>> resources = new ArrayList<>();
    for (Object resource : (List<?>) parse("resources.json")) {
      resources.add(map(resource));
    }
    return resources;
  }

  /** What only the protobuf encoding has. */
  public static Map<String, Object> protobufOnly() {
    return map(parse("protobuf-only.json"));
  }

  /** The value as an object, which it must be. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> map(@Nullable Object value) {
    if (value == null) {
      throw new IllegalStateException("an object is missing in the schema data");
    }
    return (Map<String, Object>) value;
  }

  /** The text at a key, which must be there. */
  public static String text(Map<String, Object> map, String key) {
    if (map.get(key) instanceof String text) {
      return text;
    }
    throw new IllegalStateException(key + " is missing in the schema data: " + map);
  }

  /** The list at a key, empty if there is none. */
  public static List<?> list(Map<String, Object> map, String key) {
    return map.get(key) instanceof List<?> list ? list : List.of();
  }

  /** The properties of a type, empty if it has none. */
  public static Map<String, Object> properties(Map<String, Object> type) {
    return type.containsKey("properties") ? map(type.get("properties")) : Map.of();
  }

  private static byte[] bytes(String file) {
    try (InputStream in = SchemaData.class.getResourceAsStream(FOLDER + file)) {
      if (in == null) {
        throw new IllegalStateException("schema data is missing: " + file);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object parse(String file) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes(file))) {
      parser.nextToken();
      return value(parser);
    }
  }

  private static Object value(JsonParser p) {
    return switch (p.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (p.nextToken() != JsonToken.END_OBJECT) {
          String name = p.currentName();
          p.nextToken();
          object.put(name, value(p));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        while (p.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(p));
        }
        yield array;
      }
      case VALUE_NUMBER_INT -> p.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> p.getString();
    };
  }
}
