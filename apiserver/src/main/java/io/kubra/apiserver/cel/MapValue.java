package io.kubra.apiserver.cel;

import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import dev.cel.common.values.SelectableValue;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A map or object as expressions see it. Its values are converted one by one, when they are asked
 * for: the evaluator would else go through whole objects at each step into them.
 */
abstract class MapValue extends CelValue implements Map<String, Object>, SelectableValue<Object> {
  private static final CelType TYPE = MapType.create(SimpleType.DYN, SimpleType.DYN);

  /** The value of a key as expressions see it, or null if there is none. */
  abstract @Nullable Object valueOf(String key);

  /** The keys as expressions see them. */
  abstract Set<String> keys();

  @Override
  public @Nullable Object get(@Nullable Object key) {
    return key instanceof String name ? valueOf(name) : null;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public Object select(Object key) {
    Object value = get(key);
    if (value == null) {
      throw CelAttributeNotFoundException.forMissingMapKey(key.toString());
    }
    return value;
  }

  @Override
  public Optional<Object> find(Object key) {
    return Optional.ofNullable(get(key));
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Entry<String, Object>> iterator() {
        Iterator<String> keys = MapValue.this.keys().iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return keys.hasNext();
          }

          @Override
          public Entry<String, Object> next() {
            String key = keys.next();
            return Map.entry(key, select(key));
          }
        };
      }

      @Override
      public int size() {
        return MapValue.this.size();
      }
    };
  }

  private Map<String, Object> view() {
    return new AbstractMap<>() {
      @Override
      public Set<Entry<String, Object>> entrySet() {
        return MapValue.this.entrySet();
      }
    };
  }

  @Override
  public Set<String> keySet() {
    return keys();
  }

  @Override
  public int size() {
    return keys().size();
  }

  @Override
  public boolean isEmpty() {
    return size() == 0;
  }

  @Override
  public Collection<Object> values() {
    return view().values();
  }

  @Override
  public boolean containsValue(@Nullable Object value) {
    return view().containsValue(value);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return view().equals(other);
  }

  @Override
  public int hashCode() {
    return view().hashCode();
  }

  @Override
  public String toString() {
    return view().toString();
  }

  @Override
  public Object put(String key, Object value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Object remove(Object key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void putAll(Map<? extends String, ?> map) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void clear() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Object value() {
    return this;
  }

  @Override
  public boolean isZeroValue() {
    return isEmpty();
  }

  @Override
  public CelType celType() {
    return TYPE;
  }
}
