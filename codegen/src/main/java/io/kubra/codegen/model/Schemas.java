package io.kubra.codegen.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads the project's schema data (the JSON files beside this module's classes) as plain trees. */
final class Schemas {
  private static final String FOLDER = "/io/kubra/codegen/schema/";
  private static final JsonFactory JSON = new JsonFactory();

  private Schemas() {}

  /** All types by their full name, in the order of the data. */
  static Map<String, Map<String, Object>> types() {
    Map<String, Map<String, Object>> types = new LinkedHashMap<>();
    for (String file : new String(bytes("index.txt"), StandardCharsets.UTF_8).lines().toList()) {
      map(parse(bytes(file))).forEach((name, type) -> types.put(name, map(type)));
    }
    return types;
  }

  /** The resources, in the order of the data. */
  static List<Map<String, Object>> resources() {
    List<Map<String, Object>> resources = new ArrayList<>();
    for (Object resource : (List<?>) parse(bytes("resources.json"))) {
      resources.add(map(resource));
    }
    return resources;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  /** The properties of a type, empty if it has none. */
  static Map<String, Object> properties(Map<String, Object> type) {
    Object properties = type.get("properties");
    return properties == null ? Map.of() : map(properties);
  }

  private static byte[] bytes(String file) {
    try (InputStream in = Schemas.class.getResourceAsStream(FOLDER + file)) {
      if (in == null) {
        throw new IllegalStateException("schema data is missing: " + file);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object parse(byte[] json) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
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
