package io.kubra.api.apply;

import io.kubra.api.schema.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The field set of an object: every leaf, every list item, every map entry it holds. */
final class Extraction {
  private Extraction() {}

  /** The paths of an object. List items that cannot be told apart by key are passed over. */
  static FieldSet of(@Nullable Schema schema, Object tree) {
    FieldSet set = new FieldSet();
    collect(schema, tree, set);
    return set;
  }

  private static void collect(@Nullable Schema schema, @Nullable Object value, FieldSet into) {
    Shape shape = Shape.of(schema, value);
    if (shape.map() && value instanceof Map<?, ?> map) {
      collectMap(schema, map, into);
    } else if (shape.list() && value instanceof List<?> list) {
      collectList(shape, schema, list, into);
    } else {
      into.include();
    }
  }

  private static void collectMap(@Nullable Schema schema, Map<?, ?> map, FieldSet into) {
    map.forEach(
        (key, value) -> {
          String name = (String) key;
          FieldSet child = into.descend(PathElement.field(name));
          collect(Shape.below(schema, name), value, child);
          boolean hollow = value instanceof Map<?, ?> below && below.isEmpty();
          if (hollow || !Shape.named(schema, name)) {
            child.include();
          }
        });
    into.dropEmptyChildren();
  }

  private static void collectList(
      Shape shape, @Nullable Schema schema, List<?> list, FieldSet into) {
    for (Object item : list) {
      String element = Shape.element(shape, schema, item);
      if (element != null) {
        FieldSet child = into.descend(element);
        collect(Shape.items(schema), item, child);
        child.include();
      }
    }
  }

  /**
   * Adds the named fields on the way to the paths of a set. Extraction leaves them out; removal
   * needs to see them as present.
   */
  static FieldSet withNamedFields(FieldSet set, @Nullable Schema schema) {
    FieldSet result = new FieldSet();
    if (set.member()) {
      result.include();
    }
    set.children()
        .forEach(
            (element, child) -> {
              boolean field = element.startsWith("f:");
              String name = element.substring(2);
              Schema below = field ? Shape.below(schema, name) : Shape.items(schema);
              FieldSet completed = withNamedFields(child, below);
              if (field && Shape.named(schema, name)) {
                completed.include();
              }
              result.adopt(element, completed);
            });
    return result;
  }
}
