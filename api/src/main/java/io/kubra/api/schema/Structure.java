package io.kubra.api.schema;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.Schema.Field;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a named object type consists of; shared by every place that refers to the type and read when
 * first needed.
 */
final class Structure {
  /** The parts that take time to read. */
  record Body(
      String protoName,
      String format,
      boolean atomicMap,
      List<GroupVersionKind> kinds,
      List<Map<String, Object>> unions,
      Map<String, Field> fields,
      List<String> required) {
    static final Body EMPTY = new Body("", "", false, List.of(), List.of(), Map.of(), List.of());
  }

  private final @Nullable String name;
  private volatile @Nullable Supplier<Body> reader;
  private volatile @Nullable Body body;

  Structure(@Nullable String name, Supplier<Body> reader) {
    this.name = name;
    this.reader = reader;
  }

  Structure(@Nullable String name, Body body) {
    this.name = name;
    this.body = body;
  }

  @Nullable String name() {
    return name;
  }

  Body body() {
    Body known = body;
    if (known == null) {
      Supplier<Body> source = reader;
      known = source == null ? body : source.get();
      if (known == null) {
        throw new IllegalStateException("a schema without a body: " + name);
      }
      body = known;
      reader = null;
    }
    return known;
  }
}
