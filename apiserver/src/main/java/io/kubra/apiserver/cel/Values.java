package io.kubra.apiserver.cel;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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

  /**
   * A result of an expression as a tree of JSON: times and durations are texts, bytes are Base64.
   *
   * @throws CelException if there is no such tree
   */
  public static @Nullable Object toTree(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case NullValue n -> null;
      case Map<?, ?> map -> {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (Map.Entry<?, ?> e : map.entrySet()) {
          if (!(e.getKey() instanceof String key)) {
            throw new CelException("keys of maps must be strings");
          }
          putTree(tree, key, e.getValue());
        }
        yield tree;
      }
      case List<?> list -> {
        List<@Nullable Object> tree = new ArrayList<>(list.size());
        for (Object item : list) {
          tree.add(toTree(item));
        }
        yield tree;
      }
      case String s -> s;
      case Boolean b -> b;
      case Long n -> n;
      case Double d -> d;
      case UnsignedLong n -> n.bigIntegerValue().longValueExact();
      case Instant time -> time.toString();
      case Duration d -> TextFormat.seconds(d);
      case CelByteString bytes -> Base64.getEncoder().encodeToString(bytes.toByteArray());
      default ->
          throw new CelException("type conversion error: " + value.getClass().getSimpleName());
    };
  }

  @SuppressWarnings("NullAway") // a tree may hold JSON nulls
  private static void putTree(Map<String, Object> tree, String key, Object value) {
    tree.put(key, toTree(value));
  }

  /**
   * An object whose fields are worked out when they are asked for.
   *
   * @param valueOf gives the value of each of the names
   */
  public static Object lazy(Set<String> names, Function<String, Object> valueOf) {
    return new Lazy(names, valueOf);
  }

  @SuppressWarnings("Immutable") // says the same of a name every time
  private static final class Lazy extends MapValue {
    private final Set<String> names;
    private final Function<String, Object> valueOf;

    Lazy(Set<String> names, Function<String, Object> valueOf) {
      this.names = names;
      this.valueOf = valueOf;
    }

    @Override
    @Nullable Object valueOf(String key) {
      return names.contains(key) ? valueOf.apply(key) : null;
    }

    @Override
    Set<String> keys() {
      return names;
    }
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
