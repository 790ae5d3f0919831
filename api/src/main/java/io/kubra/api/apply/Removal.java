package io.kubra.api.apply;

import io.kubra.api.schema.Schema;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes fields and list items out of an object. */
final class Removal {
  private Removal() {}

  /**
   * A copy of the object without what the set names; what a member names goes with all below it.
   */
  static Map<String, Object> of(
      @Nullable Schema schema, Map<String, Object> tree, FieldSet unwanted) {
    return fromMap(schema, tree, unwanted);
  }

  private static @Nullable Object remove(
      @Nullable Schema schema, @Nullable Object value, FieldSet unwanted) {
    Shape shape = Shape.of(schema, value);
    if (shape.map() && value instanceof Map<?, ?> map) {
      Map<String, Object> rest = fromMap(schema, map, unwanted);
      return rest.isEmpty() && !map.isEmpty() ? null : rest;
    }
    if (shape.list() && value instanceof List<?> list) {
      List<Object> rest = fromList(shape, schema, list, unwanted);
      return rest.isEmpty() && !list.isEmpty() ? null : rest;
    }
    return value == null ? null : Trees.deepCopy(value);
  }

  private static Map<String, Object> fromMap(
      @Nullable Schema schema, Map<?, ?> map, FieldSet unwanted) {
    Map<String, Object> rest = new LinkedHashMap<>();
    map.forEach(
        (name, value) -> {
          FieldSet below = unwanted.child(PathElement.field((String) name));
          if (below == null) {
            rest.put((String) name, Trees.deepCopy(value));
          } else if (!below.member()
              && remove(Shape.below(schema, (String) name), value, below) instanceof Object kept) {
            rest.put((String) name, kept);
          }
        });
    return rest;
  }

  private static List<Object> fromList(
      Shape shape, @Nullable Schema schema, List<?> list, FieldSet unwanted) {
    List<Object> rest = new ArrayList<>(list.size());
    for (Object item : list) {
      String element = Shape.element(shape, schema, item);
      FieldSet below = element == null ? null : unwanted.child(element);
      if (below == null) {
        rest.add(Trees.deepCopy(item));
      } else if (!below.member()
          && remove(Shape.items(schema), item, below) instanceof Object kept) {
        rest.add(kept);
      }
    }
    return rest;
  }
}
