package io.kubra.model;

import java.io.OutputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** What the generated codecs share: readers and writers of the types that are not records. */
public final class Codec {
  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private Codec() {}

  /** A generator that writes UTF-8 to the stream; close it to flush. */
  public static JsonGenerator generator(OutputStream out) {
    return JSON.createGenerator(ObjectWriteContext.empty(), out);
  }

  /** A parser over UTF-8 JSON, before its first token. */
  public static JsonParser parser(byte[] json) {
    return JSON.createParser(ObjectReadContext.empty(), json);
  }

  /** A parser over UTF-8 JSON as it arrives; several values may follow one another. */
  public static JsonParser parser(java.io.InputStream json) {
    return JSON.createParser(ObjectReadContext.empty(), json);
  }

  /** A parser over a part of an array. */
  public static JsonParser parser(byte[] json, int offset, int length) {
    return JSON.createParser(ObjectReadContext.empty(), json, offset, length);
  }

  /** Reads one object. */
  public static <T> T read(byte[] json, Function<JsonParser, T> reader) {
    try (JsonParser p = parser(json)) {
      p.nextToken();
      return reader.apply(p);
    }
  }

  /**
   * Checks that the parser stands at an object's start.
   *
   * @throws StreamReadException if it does not
   */
  public static void startObject(JsonParser p) {
    if (p.currentToken() != JsonToken.START_OBJECT) {
      throw new StreamReadException(p, "expected an object, found " + p.currentToken());
    }
  }

  public static String string(JsonParser p) {
    return p.getValueAsString("");
  }

  public static int integer(JsonParser p) {
    return p.getIntValue();
  }

  public static long longInteger(JsonParser p) {
    return p.getLongValue();
  }

  public static double number(JsonParser p) {
    return p.getDoubleValue();
  }

  public static boolean bool(JsonParser p) {
    return p.getBooleanValue();
  }

  public static byte[] bytes(JsonParser p) {
    return p.getBinaryValue();
  }

  public static Instant time(JsonParser p) {
    String text = p.getString();
    return text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();
  }

  public static void time(JsonGenerator g, Instant time) {
    g.writeString(SECONDS.format(time.truncatedTo(ChronoUnit.SECONDS)));
  }

  public static void microTime(JsonGenerator g, Instant time) {
    g.writeString(MICROS.format(time));
  }

  public static IntOrString intOrString(JsonParser p) {
    return p.currentToken() == JsonToken.VALUE_NUMBER_INT
        ? IntOrString.of(p.getIntValue())
        : IntOrString.of(p.getString());
  }

  public static void intOrString(JsonGenerator g, IntOrString value) {
    switch (value) {
      case IntOrString.Int i -> g.writeNumber(i.value());
      case IntOrString.Text t -> g.writeString(t.value());
    }
  }

  public static <T> List<T> list(JsonParser p, Function<JsonParser, T> reader) {
    if (p.currentToken() != JsonToken.START_ARRAY) {
      throw new StreamReadException(p, "expected an array, found " + p.currentToken());
    }
    List<T> list = new ArrayList<>();
    while (p.nextToken() != JsonToken.END_ARRAY) {
      if (p.currentToken() != JsonToken.VALUE_NULL) {
        list.add(reader.apply(p));
      }
    }
    return list;
  }

  public static <T> void list(JsonGenerator g, List<T> list, BiConsumer<JsonGenerator, T> writer) {
    g.writeStartArray();
    for (T value : list) {
      writer.accept(g, value);
    }
    g.writeEndArray();
  }

  public static <T> Map<String, T> map(JsonParser p, Function<JsonParser, T> reader) {
    startObject(p);
    Map<String, T> map = new LinkedHashMap<>();
    for (String name = p.nextName(); name != null; name = p.nextName()) {
      if (p.nextToken() != JsonToken.VALUE_NULL) {
        map.put(name, reader.apply(p));
      }
    }
    return map;
  }

  public static <T> void map(
      JsonGenerator g, Map<String, T> map, BiConsumer<JsonGenerator, T> writer) {
    g.writeStartObject();
    map.forEach(
        (name, value) -> {
          g.writeName(name);
          writer.accept(g, value);
        });
    g.writeEndObject();
  }

  /** Any JSON value as a tree of maps, lists, strings, booleans, longs and doubles. */
  public static @Nullable Object treeOrNull(JsonParser p) {
    return p.currentToken() == JsonToken.VALUE_NULL ? null : tree(p);
  }

  public static Object tree(JsonParser p) {
    return switch (p.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (String name = p.nextName(); name != null; name = p.nextName()) {
          p.nextToken();
          object.put(name, treeOrNull(p));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (p.nextToken() != JsonToken.END_ARRAY) {
          array.add(treeOrNull(p));
        }
        yield array;
      }
      case VALUE_NUMBER_INT -> integral(p);
      case VALUE_NUMBER_FLOAT -> p.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> p.getString();
    };
  }

  private static Object integral(JsonParser p) {
    return switch (p.getNumberType()) {
      case INT, LONG -> p.getLongValue();
      default -> p.getDoubleValue();
    };
  }

  public static void tree(JsonGenerator g, @Nullable Object value) {
    switch (value) {
      case null -> g.writeNull();
      case Map<?, ?> map -> {
        g.writeStartObject();
        map.forEach(
            (name, v) -> {
              g.writeName(String.valueOf(name));
              tree(g, v);
            });
        g.writeEndObject();
      }
      case List<?> list -> {
        g.writeStartArray();
        for (Object v : list) {
          tree(g, v);
        }
        g.writeEndArray();
      }
      case String s -> g.writeString(s);
      case Boolean b -> g.writeBoolean(b);
      case Integer i -> g.writeNumber(i);
      case Long l -> g.writeNumber(l);
      case Number n -> g.writeNumber(n.doubleValue());
      default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
    }
  }

  /** Adds a field the record does not know to those kept aside. */
  public static Map<String, Object> additional(
      Map<String, Object> known, String name, JsonParser p) {
    Map<String, Object> map = known.isEmpty() ? new LinkedHashMap<>() : known;
    map.put(name, tree(p));
    return map;
  }

  public static void additional(JsonGenerator g, Map<String, Object> additional) {
    additional.forEach(
        (name, value) -> {
          g.writeName(name);
          tree(g, value);
        });
  }

  public static <T> List<T> immutable(List<T> list) {
    return List.copyOf(list);
  }

  /** An unmodifiable map with the same order. */
  public static <T> Map<String, T> immutable(Map<String, T> map) {
    return switch (map) {
      case OrderedMap<T> ordered -> ordered;
      case Map<String, T> m when m.isEmpty() -> Map.of();
      default -> new OrderedMap<>(map);
    };
  }

  /** Marks maps that are already unmodifiable, so that rebuilding a record copies nothing. */
  private static final class OrderedMap<T> extends java.util.AbstractMap<String, T> {
    private final Map<String, T> entries;

    OrderedMap(Map<String, T> entries) {
      this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public java.util.Set<Entry<String, T>> entrySet() {
      return entries.entrySet();
    }

    @Override
    public @Nullable T get(@Nullable Object key) {
      return entries.get(key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
      return entries.containsKey(key);
    }
  }
}
