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
  private final @Nullable CatalogueReader reader;
  private final int offset;
  private final @Nullable Supplier<Body> source;
  private volatile @Nullable Body body;

  /** Of a type in the compiled catalogue, whose body is at that offset. */
  Structure(String name, CatalogueReader reader, int offset) {
    this.name = name;
    this.reader = reader;
    this.offset = offset;
    this.source = null;
  }

  /** Of a type that is added at run time. */
  Structure(String name, Supplier<Body> source) {
    this.name = name;
    this.reader = null;
    this.offset = 0;
    this.source = source;
  }

  Structure(@Nullable String name, Body body) {
    this.name = name;
    this.reader = null;
    this.offset = 0;
    this.source = null;
    this.body = body;
  }

  @Nullable String name() {
    return name;
  }

  Body body() {
    Body known = body;
    if (known == null) {
      if (reader != null) {
        known = reader.body(offset);
      } else if (source != null) {
        known = source.get();
      } else {
        throw new IllegalStateException("a schema without a body: " + name);
      }
      body = known;
    }
    return known;
  }
}
