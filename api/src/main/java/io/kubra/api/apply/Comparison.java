package io.kubra.api.apply;

import io.kubra.api.schema.Schema;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two versions of an object: the paths that came, went and changed.
 *
 * <p>The walk allocates only where there is a difference; comparing equal objects costs a visit of
 * each value and nothing else.
 */
final class Comparison {
  /**
   * Fields that Go clients hold by value: to them such a struct is never absent, only empty, so its
   * coming and going is no change of its own.
   */
  private static final Set<String> BY_VALUE =
      Set.of(
          "metadata",
          "spec",
          "status",
          "template",
          "strategy",
          "updateStrategy",
          "jobTemplate",
          "resources");

  final FieldSet added;
  final FieldSet removed;
  final FieldSet modified;
  private final ArrayList<String> path = new ArrayList<>();

  private Comparison(FieldSet added, FieldSet removed, FieldSet modified) {
    this.added = added;
    this.removed = removed;
    this.modified = modified;
  }

  static Comparison of(@Nullable Schema schema, Object before, Object after) {
    Comparison comparison = new Comparison(new FieldSet(), new FieldSet(), new FieldSet());
    comparison.compare(schema, before, after);
    return comparison;
  }

  boolean same() {
    return added.isEmpty() && removed.isEmpty() && modified.isEmpty();
  }

  /** The paths whose new value the writer of the change answers for. */
  FieldSet written() {
    return added.union(modified);
  }

  /** This comparison without fields that the endpoint does not let its callers change. */
  Comparison without(FieldSet ignored) {
    if (ignored.isEmpty()) {
      return this;
    }
    return new Comparison(
        added.recursiveDifference(ignored),
        removed.recursiveDifference(ignored),
        modified.recursiveDifference(ignored));
  }

  private void compare(@Nullable Schema schema, @Nullable Object before, @Nullable Object after) {
    if (before == after) {
      return;
    }
    Shape shape = Shape.of(schema, before, after);
    boolean bothHollow = hollow(before) && hollow(after);
    if (shape == Shape.WHOLE || bothHollow) {
      leaf(before, after);
      return;
    }
    if (shape.map()) {
      compareMaps(schema, (Map<?, ?>) before, (Map<?, ?>) after);
    } else {
      compareLists(shape, schema, (List<?>) before, (List<?>) after);
    }
    if (before == null) {
      added.insert(path);
    } else if (after == null) {
      removed.insert(path);
    }
  }

  private static boolean hollow(@Nullable Object value) {
    return value == null
        || (value instanceof Map<?, ?> map && map.isEmpty())
        || (value instanceof List<?> list && list.isEmpty());
  }

  private void leaf(@Nullable Object before, @Nullable Object after) {
    if (before == null) {
      added.insert(path);
    } else if (after == null) {
      removed.insert(path);
    } else if (!before.equals(after) && !Trees.equal(before, after)) {
      modified.insert(path);
    }
  }

  private void compareMaps(
      @Nullable Schema schema, @Nullable Map<?, ?> before, @Nullable Map<?, ?> after) {
    if (before != null) {
      before.forEach(
          (name, value) -> {
            Object other = after == null ? null : after.get(name);
            if (value != other && (value != null || other != null)) {
              entry(schema, (String) name, value, other, after != null);
            }
          });
    }
    if (after != null) {
      after.forEach(
          (name, value) -> {
            if (value != null && (before == null || !before.containsKey(name))) {
              entry(schema, (String) name, null, value, before != null);
            }
          });
    }
  }

  private void entry(
      @Nullable Schema schema,
      String name,
      @Nullable Object before,
      @Nullable Object after,
      boolean parentOnBothSides) {
    Object left = before;
    Object right = after;
    if (parentOnBothSides && (left == null) != (right == null) && neverAbsent(schema, name)) {
      left = left == null ? emptyLike(right) : left;
      right = right == null ? emptyLike(left) : right;
    }
    path.add(PathElement.field(name));
    compare(Shape.below(schema, name), left, right);
    path.removeLast();
  }

  /** Go also writes required lists and maps when they are empty, as null. */
  private static boolean neverAbsent(@Nullable Schema schema, String name) {
    Schema.Field field = schema == null ? null : schema.field(name);
    return field != null && (field.required() || BY_VALUE.contains(name));
  }

  private static @Nullable Object emptyLike(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> _ -> Map.of();
      case List<?> _ -> List.of();
      case null, default -> null;
    };
  }

  private void compareLists(
      Shape shape, @Nullable Schema schema, @Nullable List<?> before, @Nullable List<?> after) {
    if (before != null && before.equals(after)) {
      return;
    }
    Map<String, List<Object>> left = index(shape, schema, before);
    Map<String, List<Object>> right = index(shape, schema, after);
    Set<String> elements = new LinkedHashSet<>(left.keySet());
    elements.addAll(right.keySet());
    for (String element : elements) {
      List<Object> mine = left.getOrDefault(element, List.of());
      List<Object> theirs = right.getOrDefault(element, List.of());
      path.add(element);
      if (mine.size() > 1 || theirs.size() > 1) {
        // Items that share a key cannot be told apart: they stand or fall together.
        leaf(mine.isEmpty() ? null : mine, theirs.isEmpty() ? null : theirs);
      } else {
        compare(
            Shape.items(schema),
            mine.isEmpty() ? null : mine.getFirst(),
            theirs.isEmpty() ? null : theirs.getFirst());
      }
      path.removeLast();
    }
  }

  private static Map<String, List<Object>> index(
      Shape shape, @Nullable Schema schema, @Nullable List<?> list) {
    if (list == null) {
      return Map.of();
    }
    Map<String, List<Object>> index = HashMap.newHashMap(list.size());
    for (Object item : list) {
      String element = Shape.element(shape, schema, item);
      if (element != null && item != null) {
        index.computeIfAbsent(element, _ -> new ArrayList<>(1)).add(item);
      }
    }
    return index;
  }
}
