package io.kubra.apiserver.cel;

import dev.cel.common.values.NullValue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Object trees as expressions see them where no schema says more. */
public final class Values {
  /** What {@code null} is in expressions. */
  public static final Object NULL = NullValue.NULL_VALUE;

  private Values() {}

  /** A view of a tree; nothing is copied, and the tree must not change while it is used. */
  public static Object of(@Nullable Object tree) {
    return switch (tree) {
      case null -> NULL;
      case Map<?, ?> map -> new Untyped(map);
      case List<?> list -> new ListValue(list, Values::of);
      case Integer n -> n.longValue();
      case Float n -> n.doubleValue();
      default -> tree;
    };
  }

  @SuppressWarnings("Immutable") // trees do not change while they are looked at
  private static final class Untyped extends MapValue {
    private final Map<?, ?> map;

    Untyped(Map<?, ?> map) {
      this.map = map;
    }

    @Override
    @Nullable Object valueOf(String key) {
      Object value = map.get(key);
      return value == null && !map.containsKey(key) ? null : of(value);
    }

    @Override
    @SuppressWarnings("unchecked")
    Set<String> keys() {
      return (Set<String>) map.keySet();
    }
  }
}
