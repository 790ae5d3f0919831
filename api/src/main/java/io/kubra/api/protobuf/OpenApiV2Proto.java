package io.kubra.api.protobuf;

import io.kubra.api.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes an OpenAPI v2 document in the protobuf form that older kubectl downloads. The message
 * layouts are data; only where the form has alternatives does code choose.
 */
public final class OpenApiV2Proto {
  /** The media type that clients ask for. */
  public static final String MEDIA_TYPE =
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  private static final String EXTENSIONS = "x-";
  private static final String OTHERS = "*";

  private record Field(int number, String name, String type, boolean list) {}

  private static final class Layouts {
    static final Map<String, List<Field>> ALL = load();
  }

  private final ProtobufOutput out = new ProtobufOutput();

  private OpenApiV2Proto() {}

  /**
   * The bytes of a document.
   *
   * @throws IllegalArgumentException when a value does not have the type OpenAPI demands
   */
  public static byte[] encode(Map<String, Object> document) {
    OpenApiV2Proto writer = new OpenApiV2Proto();
    writer.content("Document", document);
    return writer.out.toByteArray();
  }

  private static Map<String, List<Field>> load() {
    Map<String, List<Field>> layouts = new HashMap<>();
    try (InputStream in =
        Objects.requireNonNull(OpenApiV2Proto.class.getResourceAsStream("openapi-v2.txt"))) {
      List<Field> current = new ArrayList<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (line.isEmpty() || line.startsWith("#")) {
          continue;
        }
        String[] words = line.split(" ", 3);
        if (words.length == 1) {
          current = new ArrayList<>();
          layouts.put(line, current);
        } else {
          boolean list = words[2].startsWith("[]");
          String type = list ? words[2].substring(2) : words[2];
          // The output is built back to front.
          current.addFirst(new Field(Integer.parseInt(words[0]), words[1], type, list));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return layouts;
  }

  private void fields(List<Field> layout, Map<?, ?> tree) {
    for (Field field : layout) {
      if (field.name().equals(EXTENSIONS) || field.name().equals(OTHERS)) {
        pairs(field, layout, tree);
        continue;
      }
      Object value = tree.get(field.name());
      if (value instanceof List<?> list && field.list()) {
        list.reversed().forEach(item -> value(field.number(), field.type(), item));
      } else if (value != null) {
        value(field.number(), field.type(), value);
      }
    }
  }

  private void pairs(Field field, List<Field> layout, Map<?, ?> tree) {
    boolean extensions = field.name().equals(EXTENSIONS);
    boolean extensible = layout.stream().anyMatch(f -> f.name().equals(EXTENSIONS));
    for (Map.Entry<?, ?> entry : List.copyOf(tree.entrySet()).reversed()) {
      String name = (String) entry.getKey();
      if (extensions == (extensible && name.startsWith(EXTENSIONS))) {
        int mark = out.mark();
        value(2, field.type(), entry.getValue());
        out.string(1, name);
        out.close(field.number(), mark);
      }
    }
  }

  private void value(int number, String type, @Nullable Object value) {
    switch (type) {
      case "string" -> out.string(number, as(String.class, value));
      case "bool" -> out.varint(number, as(Boolean.class, value) ? 1 : 0);
      case "int64" -> out.varint(number, as(Number.class, value).longValue());
      case "double" -> out.fixed64(number, as(Number.class, value).doubleValue());
      default -> {
        int mark = out.mark();
        content(type, value);
        out.close(number, mark);
      }
    }
  }

  private void content(String type, @Nullable Object value) {
    List<Field> layout = Layouts.ALL.get(type);
    if (layout != null) {
      fields(layout, as(Map.class, value));
      return;
    }
    switch (type) {
      case "Any" -> out.string(2, Json.toString(value) + "\n");
      case "StringArray" -> {
        List<?> values = value instanceof List<?> list ? list : List.of(as(String.class, value));
        values.reversed().forEach(item -> value(1, "string", item));
      }
      case "ItemsItem" -> {
        List<?> values = value instanceof List<?> list ? list : List.of(as(Map.class, value));
        values.reversed().forEach(item -> value(1, "Schema", item));
      }
      case "AdditionalPropertiesItem" -> {
        boolean allowed = value instanceof Boolean;
        value(allowed ? 2 : 1, allowed ? "bool" : "Schema", value);
      }
      case "SchemaItem" -> {
        boolean file = text(value, "type").equals("file");
        value(file ? 2 : 1, file ? "FileSchema" : "Schema", value);
      }
      case "ParametersItem" -> referable("Parameter", value);
      case "ResponseValue" -> referable("Response", value);
      case "Parameter" -> {
        boolean body = text(value, "in").equals("body");
        value(body ? 1 : 2, body ? "BodyParameter" : "NonBodyParameter", value);
      }
      case "NonBodyParameter" -> nonBodyParameter(value);
      case "SecurityDefinitionsItem" -> securityDefinition(value);
      default -> throw new IllegalStateException("no layout for " + type);
    }
  }

  private void referable(String type, @Nullable Object value) {
    boolean reference = !text(value, "$ref").isEmpty();
    value(reference ? 2 : 1, reference ? "JsonReference" : type, value);
  }

  private void nonBodyParameter(@Nullable Object value) {
    switch (text(value, "in")) {
      case "header" -> value(1, "HeaderParameterSubSchema", value);
      case "formData" -> value(2, "FormDataParameterSubSchema", value);
      case "query" -> value(3, "QueryParameterSubSchema", value);
      case "path" -> value(4, "PathParameterSubSchema", value);
      default -> throw new IllegalArgumentException("parameter in " + text(value, "in"));
    }
  }

  private void securityDefinition(@Nullable Object value) {
    String type = text(value, "type");
    switch (type.equals("oauth2") ? text(value, "flow") : type) {
      case "basic" -> value(1, "BasicAuthenticationSecurity", value);
      case "apiKey" -> value(2, "ApiKeySecurity", value);
      case "implicit" -> value(3, "Oauth2ImplicitSecurity", value);
      case "password" -> value(4, "Oauth2PasswordSecurity", value);
      case "application" -> value(5, "Oauth2ApplicationSecurity", value);
      case "accessCode" -> value(6, "Oauth2AccessCodeSecurity", value);
      default -> throw new IllegalArgumentException("security definition of type " + type);
    }
  }

  private static String text(@Nullable Object tree, String name) {
    return tree instanceof Map<?, ?> map && map.get(name) instanceof String text ? text : "";
  }

  private static <T> T as(Class<T> type, @Nullable Object value) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "expected " + type.getSimpleName() + ", got " + Json.toString(value));
    }
    return type.cast(value);
  }
}
