package io.kubra.apiserver.cel;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An object that an expression constructed: {@code Object{...}}, {@code JSONPatch{...}}. */
@SuppressWarnings("Immutable") // the map is a copy that does not change
public final class ConstructedObject extends MapValue {
  private final String type;
  private final Map<String, Object> fields;

  ConstructedObject(String type, Map<String, Object> fields) {
    this.type = type;
    this.fields = Map.copyOf(fields);
  }

  static boolean isType(String name) {
    return name.equals("Object") || name.startsWith("Object.") || name.equals("JSONPatch");
  }

  /** The name of its type, such as {@code Object.spec}. */
  public String type() {
    return type;
  }

  @Override
  @Nullable Object valueOf(String key) {
    return fields.get(key);
  }

  @Override
  Set<String> keys() {
    return fields.keySet();
  }
}
