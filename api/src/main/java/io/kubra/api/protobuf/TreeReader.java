package io.kubra.api.protobuf;

import io.kubra.api.json.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a protobuf message into the object tree its JSON form would parse to. */
final class TreeReader {
  private static final int DEEPEST = 100;
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private int depth;

  Map<String, Object> message(Message layout, ProtobufInput in) {
    Map<String, Object> tree = new LinkedHashMap<>();
    readInto(layout, in, tree);
    return tree;
  }

  private void readInto(Message layout, ProtobufInput in, Map<String, Object> tree) {
    if (++depth > DEEPEST) {
      throw new IllegalArgumentException("exceeded max depth");
    }
    while (!in.done()) {
      int tag = in.tag();
      int wire = tag & 7;
      Message.Field field = layout.field(tag >>> 3);
      if (field == null) {
        in.skip(wire);
      } else if (field.inline() && field.message() != null) {
        readInto(field.message(), in.message(), tree);
      } else {
        read(field, wire, in, tree);
      }
    }
    depth--;
  }

  private void read(Message.Field field, int wire, ProtobufInput in, Map<String, Object> tree) {
    switch (field.arity()) {
      case ONE -> {
        Object value = value(field, wire, in);
        if (value == null || (field.dropZero() && zero(value))) {
          tree.remove(field.name());
        } else {
          tree.put(field.name(), value);
        }
      }
      case LIST -> {
        List<Object> list = list(tree, field.name());
        if (wire == ProtobufOutput.BYTES && wireOf(field.type()) != ProtobufOutput.BYTES) {
          for (ProtobufInput packed = in.message(); !packed.done(); ) {
            add(list, value(field, wireOf(field.type()), packed));
          }
        } else {
          add(list, value(field, wire, in));
        }
      }
      case MAP -> readEntry(field, in.message(), map(tree, field.name()));
    }
  }

  private void readEntry(Message.Field field, ProtobufInput in, Map<String, Object> map) {
    String key = "";
    Object value = null;
    while (!in.done()) {
      int tag = in.tag();
      switch (tag >>> 3) {
        case 1 -> key = in.string();
        case 2 -> value = value(field, tag & 7, in);
        default -> in.skip(tag & 7);
      }
    }
    map.put(key, value == null ? empty(field.type()) : value);
  }

  private static Object empty(Message.Type type) {
    return switch (type) {
      case STRING, BYTES -> "";
      case QUANTITY -> "0";
      case INT32, INT64 -> 0L;
      case BOOL -> false;
      case DOUBLE -> 0.0;
      case WRAPPED_LIST -> new ArrayList<>();
      default -> new LinkedHashMap<>();
    };
  }

  private static boolean zero(Object value) {
    return value.equals("") || value.equals(0L) || value.equals(false) || value.equals(0.0);
  }

  private static int wireOf(Message.Type type) {
    return switch (type) {
      case INT32, INT64, BOOL -> ProtobufOutput.VARINT;
      case DOUBLE -> ProtobufOutput.FIXED64;
      default -> ProtobufOutput.BYTES;
    };
  }

  private @Nullable Object value(Message.Field field, int wire, ProtobufInput in) {
    if (wire != wireOf(field.type())) {
      throw new IllegalArgumentException(
          "proto: wrong wireType = " + wire + " for field " + field.name());
    }
    return switch (field.type()) {
      case STRING -> in.string();
      case INT32 -> (long) (int) in.varint();
      case INT64 -> in.varint();
      case BOOL -> in.varint() != 0;
      case DOUBLE -> number(Double.longBitsToDouble(in.fixed64()));
      case BYTES -> Base64.getEncoder().encodeToString(in.bytes());
      case MESSAGE -> field.message() == null ? null : message(field.message(), in.message());
      case INT_OR_STRING -> intOrString(in.message());
      case QUANTITY -> quantity(in.message());
      case TIME -> time(in.message(), SECONDS);
      case MICRO_TIME -> time(in.message(), MICROS);
      case JSON -> raw(in.message());
      case WRAPPED_LIST -> wrapped(in.message());
      case OR_ARRAY, OR_BOOL, OR_STRINGS -> alternatives(field.type(), in.message());
    };
  }

  private static Object number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      return (long) value;
    }
    return value;
  }

  private static Object intOrString(ProtobufInput in) {
    long type = 0;
    long number = 0;
    String text = "";
    while (!in.done()) {
      int tag = in.tag();
      switch (tag >>> 3) {
        case 1 -> type = in.varint();
        case 2 -> number = (int) in.varint();
        case 3 -> text = in.string();
        default -> in.skip(tag & 7);
      }
    }
    return type == 0 ? (Object) number : text;
  }

  private static String quantity(ProtobufInput in) {
    String text = "0";
    while (!in.done()) {
      int tag = in.tag();
      if (tag >>> 3 == 1) {
        text = in.string();
      } else {
        in.skip(tag & 7);
      }
    }
    return text.isEmpty() ? "0" : text;
  }

  /** An empty message is Go's zero time, which JSON shows as null and we as absence. */
  private static @Nullable String time(ProtobufInput in, DateTimeFormatter format) {
    if (in.done()) {
      return null;
    }
    long seconds = 0;
    long nanos = 0;
    while (!in.done()) {
      int tag = in.tag();
      switch (tag >>> 3) {
        case 1 -> seconds = in.varint();
        case 2 -> nanos = (int) in.varint();
        default -> in.skip(tag & 7);
      }
    }
    try {
      return format.format(Instant.ofEpochSecond(seconds, nanos));
    } catch (java.time.DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException("time out of range: " + seconds, e);
    }
  }

  private static @Nullable Object raw(ProtobufInput in) {
    Object value = null;
    while (!in.done()) {
      int tag = in.tag();
      if (tag >>> 3 == 1) {
        byte[] bytes = in.bytes();
        if (bytes.length > 0) {
          value = Envelope.isPresent(bytes) ? ProtobufCodec.decode(bytes) : Json.parse(bytes);
        }
      } else {
        in.skip(tag & 7);
      }
    }
    return value;
  }

  private static List<Object> wrapped(ProtobufInput in) {
    List<Object> list = new ArrayList<>();
    while (!in.done()) {
      int tag = in.tag();
      if (tag >>> 3 == 1) {
        list.add(in.string());
      } else {
        in.skip(tag & 7);
      }
    }
    return list;
  }

  private Object alternatives(Message.Type type, ProtobufInput in) {
    Message layout = Messages.builtin().named(Messages.JSON_SCHEMA);
    int schemaNumber = type == Message.Type.OR_BOOL ? 2 : 1;
    List<Object> list = new ArrayList<>();
    boolean allows = false;
    Object schema = null;
    while (!in.done()) {
      int tag = in.tag();
      int number = tag >>> 3;
      if (number == schemaNumber && layout != null) {
        schema = message(layout, in.message());
      } else if (number == 1) {
        allows = in.varint() != 0;
      } else if (number == 2 && type == Message.Type.OR_STRINGS) {
        list.add(in.string());
      } else if (number == 2 && layout != null) {
        list.add(message(layout, in.message()));
      } else {
        in.skip(tag & 7);
      }
    }
    if (schema != null) {
      return schema;
    }
    return type == Message.Type.OR_BOOL ? (Object) allows : list;
  }

  private static void add(List<Object> list, @Nullable Object value) {
    if (value != null) {
      list.add(value);
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Map<String, Object> tree, String name) {
    return (List<Object>) tree.computeIfAbsent(name, _ -> new ArrayList<>());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Map<String, Object> tree, String name) {
    return (Map<String, Object>) tree.computeIfAbsent(name, _ -> new LinkedHashMap<>());
  }
}
