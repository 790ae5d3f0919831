package io.kubra.codegen.catalogue;

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
final class SchemaData {
  private static final String FOLDER = "/io/kubra/codegen/schema/";
  private static final JsonFactory JSON = new JsonFactory();

  private SchemaData() {}

  static Map<String, Map<String, Object>> types() {
    Map<String, Map<String, Object>> types = new LinkedHashMap<>();
    new String(bytes("index.txt"), StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .forEach(file -> map(parse(file)).forEach((name, type) -> types.put(name, map(type))));
    return types;
  }

  static List<Map<String, Object>> resources() {
    List<Map<String, Object>> resources = new ArrayList<>();
    for (Object resource : (List<?>) parse("resources.json")) {
      resources.add(map(resource));
    }
    return resources;
  }

  static Map<String, Object> protobufOnly() {
    return map(parse("protobuf-only.json"));
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(@Nullable Object value) {
    if (value == null) {
      throw new IllegalStateException("an object is missing in the schema data");
    }
    return (Map<String, Object>) value;
  }

  static String text(Map<String, Object> map, String key) {
    if (map.get(key) instanceof String text) {
      return text;
    }
    throw new IllegalStateException(key + " is missing in the schema data: " + map);
  }

  static List<?> list(Map<String, Object> map, String key) {
    return map.get(key) instanceof List<?> list ? list : List.of();
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
