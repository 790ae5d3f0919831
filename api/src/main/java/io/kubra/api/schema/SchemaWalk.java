package io.kubra.api.schema;

import io.kubra.api.json.Json;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.Schema.Kind;
import io.kubra.api.status.ApiException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Typed decoding of a tree, in place and in one pass, with the outcome that decoding to the
 * reference's types and encoding again has: unknown fields go and are reported, nulls are as
 * absent, empty optional lists and maps go, quantities and times become canonical, and a value of
 * the wrong type is refused.
 */
public final class SchemaWalk {
  private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

  /** Stands for keys of maps of strings, below which nothing can be unknown. */
  private static final MapKey NAMELESS = new MapKey("");

  private final boolean check;
  private final boolean prune;

  /** The reference stops counting here. */
  private static final int MAX_PROBLEMS = 100;

  private final List<String> unknown = new ArrayList<>();
  private @Nullable Object[] path = new @Nullable Object[32];
  private int depth;
  private @Nullable Schema struct;

  private SchemaWalk(boolean check, boolean prune) {
    this.check = check;
    this.prune = prune;
  }

  /**
   * Decodes a tree in place.
   *
   * @return {@code unknown field "spec.foo"} for each field that was dropped
   * @throws DecodeException if a value is of the wrong type
   */
  public static List<String> decode(Schema schema, Map<String, Object> tree) {
    SchemaWalk walk = new SchemaWalk(true, true);
    walk.object(schema, tree);
    return walk.unknown;
  }

  /** Reports unknown fields, and takes them out if asked to; types are not checked. */
  public static List<String> unknownFields(Schema schema, Map<String, Object> tree, boolean prune) {
    SchemaWalk walk = new SchemaWalk(false, prune);
    walk.object(schema, tree);
    return walk.unknown;
  }

  /** The answer to a body that cannot be decoded as its kind. */
  public static ApiException cannotBeHandled(GroupVersionKind kind, String why) {
    return ApiException.badRequest(
        kind.kind()
            + " in version \""
            + kind.version()
            + "\" cannot be handled as a "
            + kind.kind()
            + ": "
            + why);
  }

  /** The answer to unknown and duplicate fields under strict validation. */
  public static ApiException strictError(GroupVersionKind kind, List<String> problems) {
    return cannotBeHandled(kind, "strict decoding error: " + String.join(", ", problems));
  }

  private void push(Object step) {
    if (depth == path.length) {
      path = Arrays.copyOf(path, depth * 2);
    }
    path[depth++] = step;
  }

  private void object(Schema schema, Map<String, Object> tree) {
    Schema outer = struct;
    struct = schema;
    Map<String, Schema.Field> fields = schema.fields();
    boolean metadata = check && OBJECT_META.equals(schema.name());
    Iterator<Map.Entry<String, Object>> entries = tree.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, Object> e = entries.next();
      Schema.Field field = fields.get(e.getKey());
      if (field == null) {
        if (!schema.preserveUnknownFields()) {
          if (unknown.size() < MAX_PROBLEMS) {
            push(e.getKey());
            unknown.add("unknown field \"" + pathText() + "\"");
            depth--;
          }
          if (prune) {
            entries.remove();
          }
        }
        continue;
      }
      Object value = e.getValue();
      if (value == null) {
        if (check) {
          entries.remove();
        }
        continue;
      }
      push(e.getKey());
      Object decoded = value(field.schema(), value);
      depth--;
      if (!check) {
        continue;
      }
      if (isAbsent(field, decoded, metadata)) {
        entries.remove();
      } else if (decoded != value) {
        e.setValue(decoded);
      }
    }
    struct = outer;
  }

  /** What the reference's encoder leaves out. */
  private static boolean isAbsent(Schema.Field field, Object value, boolean metadata) {
    if (field.required()) {
      return false;
    }
    return switch (value) {
      case List<?> list ->
          list.isEmpty() && !field.name().equals("managedFields") && isKind(field, Kind.LIST);
      case Map<?, ?> map -> map.isEmpty() && isKind(field, Kind.MAP);
      case String s -> metadata && s.isEmpty();
      case Long n -> metadata && n == 0 && field.name().equals("generation");
      default -> false;
    };
  }

  private static boolean isKind(Schema.Field field, Kind kind) {
    return field.schema().kind() == kind;
  }

  @SuppressWarnings("unchecked")
  private Object value(Schema schema, Object value) {
    switch (schema.kind()) {
      case OBJECT -> {
        if (value instanceof Map<?, ?> map) {
          object(schema, (Map<String, Object>) map);
        } else {
          refuse(schema, value);
        }
        return value;
      }
      case MAP -> {
        if (value instanceof Map<?, ?> map) {
          map(schema, (Map<String, Object>) map);
        } else {
          refuse(schema, value);
        }
        return value;
      }
      case LIST -> {
        if (value instanceof List<?> list) {
          list(schema, (List<Object>) list);
        } else {
          refuse(schema, value);
        }
        return value;
      }
      case RAW -> {
        return value;
      }
      default -> {
        return check ? scalar(schema, value) : value;
      }
    }
  }

  /** A step to the value of a map; the reference's type errors do not name it. */
  private record MapKey(String key) {
    @Override
    public String toString() {
      return key;
    }
  }

  private void map(Schema schema, Map<String, Object> map) {
    Schema values = schema.values();
    if (values == null) {
      return;
    }
    for (Map.Entry<String, Object> e : map.entrySet()) {
      push(values.kind() == Kind.STRING ? NAMELESS : new MapKey(e.getKey()));
      Object value = e.getValue();
      Object decoded = value == null ? zero(values) : value(values, value);
      if (check && decoded != value && decoded != null) {
        e.setValue(decoded);
      }
      depth--;
    }
  }

  private void list(Schema schema, List<Object> list) {
    Schema items = schema.items();
    if (items == null) {
      return;
    }
    for (int i = 0; i < list.size(); i++) {
      push(i);
      Object value = list.get(i);
      Object decoded = value == null ? zero(items) : value(items, value);
      if (check && decoded != value && decoded != null) {
        list.set(i, decoded);
      }
      depth--;
    }
  }

  /** What a null in a list or map decodes to. */
  private static @Nullable Object zero(Schema schema) {
    return switch (schema.kind()) {
      case OBJECT, MAP -> new LinkedHashMap<String, Object>();
      case LIST -> new ArrayList<Object>();
      case STRING, BYTES -> "";
      case INTEGER, NUMBER, INT_OR_STRING -> 0L;
      case QUANTITY -> "0";
      case BOOLEAN -> false;
      case TIME, MICRO_TIME, RAW -> null;
    };
  }

  private Object scalar(Schema schema, Object value) {
    switch (schema.kind()) {
      case STRING -> {
        if (!(value instanceof String)) {
          refuse(schema, value);
        }
        return value;
      }
      case BOOLEAN -> {
        if (!(value instanceof Boolean)) {
          refuse(schema, value);
        }
        return value;
      }
      case INTEGER -> {
        boolean small = "int32".equals(schema.format());
        if (!(value instanceof Long n) || (small && n != n.intValue())) {
          refuse(schema, value);
        }
        return value;
      }
      case NUMBER -> {
        if (!(value instanceof Number)) {
          refuse(schema, value);
        }
        return value;
      }
      default -> {
        return SpecialScalars.canonical(schema.kind(), value);
      }
    }
  }

  private void refuse(Schema schema, Object value) {
    if (!check) {
      return;
    }
    String got = Json.nameOf(value);
    boolean range = schema.kind() == Kind.INTEGER && value instanceof Number;
    if (range) {
      got += " " + (value instanceof Double d ? number(d) : value);
    }
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      if (path[i] instanceof String s) {
        fields.append(fields.isEmpty() ? "" : ".").append(s);
      }
    }
    Schema owner = struct;
    throw new DecodeException(
        "json: cannot unmarshal "
            + got
            + (fields.isEmpty() || owner == null
                ? " into Go value of type "
                : " into Go struct field " + GoTypes.simple(owner) + "." + fields + " of type ")
            + GoTypes.name(schema));
  }

  private static String number(double d) {
    return d == Math.rint(d) && Math.abs(d) < 1e15 ? (long) d + ".0" : Json.toString(d);
  }

  private String pathText() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      if (path[i] instanceof Integer index) {
        text.append('[').append(index).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(path[i]);
      }
    }
    return text.toString();
  }
}
