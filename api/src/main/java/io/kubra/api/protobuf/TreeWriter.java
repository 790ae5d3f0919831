package io.kubra.api.protobuf;

import io.kubra.api.json.Json;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes an object tree as a protobuf message. What the tree holds is written, zero or not; what it
 * lacks is not: to Go that reads as the zero value or as nil, which is what absence means to both.
 */
final class TreeWriter {
  private final ProtobufOutput out;

  TreeWriter(ProtobufOutput out) {
    this.out = out;
  }

  void message(Message layout, Map<?, ?> tree) {
    for (Message.Field field : layout.descending()) {
      if (field.inline()) {
        int mark = out.mark();
        message(nested(field), tree);
        if (out.mark() > mark) {
          out.close(field.number(), mark);
        }
      } else {
        Object value = tree.get(field.name());
        if (value != null) {
          field(field, value);
        }
      }
    }
  }

  private void field(Message.Field field, Object value) {
    switch (field.arity()) {
      case ONE -> value(field, field.number(), value);
      case LIST -> {
        List<?> list = as(List.class, field, value);
        for (int i = list.size() - 1; i >= 0; i--) {
          Object item = list.get(i);
          if (item != null) {
            value(field, field.number(), item);
          }
        }
      }
      case MAP -> {
        Map<?, ?> map = as(Map.class, field, value);
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        for (Map.Entry<?, ?> entry : entries.reversed()) {
          int mark = out.mark();
          value(field, 2, entry.getValue());
          out.string(1, (String) entry.getKey());
          out.close(field.number(), mark);
        }
      }
    }
  }

  private void value(Message.Field field, int number, Object value) {
    switch (field.type()) {
      case STRING -> out.string(number, as(String.class, field, value));
      case INT32, INT64 -> out.varint(number, as(Number.class, field, value).longValue());
      case BOOL -> out.varint(number, as(Boolean.class, field, value) ? 1 : 0);
      case DOUBLE -> out.fixed64(number, as(Number.class, field, value).doubleValue());
      case BYTES -> out.bytes(number, Base64.getDecoder().decode(as(String.class, field, value)));
      case MESSAGE,
          INT_OR_STRING,
          QUANTITY,
          TIME,
          MICRO_TIME,
          JSON,
          OR_ARRAY,
          OR_BOOL,
          OR_STRINGS,
          WRAPPED_LIST -> {
        int mark = out.mark();
        content(field, value);
        out.close(number, mark);
      }
    }
  }

  private void content(Message.Field field, Object value) {
    switch (field.type()) {
      case MESSAGE -> message(nested(field), as(Map.class, field, value));
      case INT_OR_STRING -> intOrString(value);
      case QUANTITY -> out.string(1, value instanceof String text ? text : Json.toString(value));
      case TIME, MICRO_TIME -> time(field, as(String.class, field, value));
      case JSON -> out.bytes(1, Json.write(value));
      case WRAPPED_LIST -> strings(1, as(List.class, field, value));
      case OR_ARRAY, OR_STRINGS, OR_BOOL -> alternatives(field, value);
      case STRING, INT32, INT64, BOOL, DOUBLE, BYTES ->
          throw new IllegalStateException("scalar: " + field.name());
    }
  }

  private void intOrString(Object value) {
    if (value instanceof Number number) {
      out.string(3, "");
      out.varint(2, number.longValue());
      out.varint(1, 0);
    } else {
      out.string(3, value.toString());
      out.varint(2, 0);
      out.varint(1, 1);
    }
  }

  private void time(Message.Field field, String text) {
    Instant instant = OffsetDateTime.parse(text).toInstant();
    // Times are whole seconds in JSON and must not gain a fraction here.
    int nanos = field.type() == Message.Type.TIME ? 0 : instant.getNano() / 1000 * 1000;
    out.varint(2, nanos);
    out.varint(1, instant.getEpochSecond());
  }

  /** JSON Schema values of two forms: a schema, or else a list or a boolean. */
  private void alternatives(Message.Field field, Object value) {
    Message schema = Messages.builtin().named(Messages.JSON_SCHEMA);
    if (field.type() == Message.Type.OR_BOOL) {
      if (value instanceof Map<?, ?> tree && schema != null) {
        schema(2, schema, tree);
      }
      out.varint(1, Boolean.FALSE.equals(value) ? 0 : 1);
    } else if (value instanceof Map<?, ?> tree && schema != null) {
      schema(1, schema, tree);
    } else if (field.type() == Message.Type.OR_STRINGS) {
      strings(2, as(List.class, field, value));
    } else if (schema != null) {
      for (Object item : as(List.class, field, value).reversed()) {
        schema(2, schema, (Map<?, ?>) item);
      }
    }
  }

  private void schema(int number, Message schema, Map<?, ?> tree) {
    int mark = out.mark();
    message(schema, tree);
    out.close(number, mark);
  }

  private void strings(int number, List<?> list) {
    for (Object item : list.reversed()) {
      out.string(number, (String) item);
    }
  }

  private static Message nested(Message.Field field) {
    Message message = field.message();
    if (message == null) {
      throw new IllegalStateException("no layout for " + field.name());
    }
    return message;
  }

  private static <T> T as(Class<T> type, Message.Field field, @Nullable Object value) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          field.name() + ": expected " + type.getSimpleName() + ", got " + Json.toString(value));
    }
    return type.cast(value);
  }
}
