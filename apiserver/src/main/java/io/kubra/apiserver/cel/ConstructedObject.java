package io.kubra.apiserver.cel;

import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /**
   * Checks that objects below are of the types of the fields they are in.
   *
   * @throws CelException if not
   */
  public void checkTypes() {
    fields.forEach((name, value) -> check(type + "." + name, value));
  }

  private static void check(String expected, Object value) {
    if (value instanceof ConstructedObject object) {
      if (!object.type.equals(expected)) {
        throw new CelException(
            "unexpected type name \"%s\", expected \"%s\", which matches field name path from root Object type"
                .formatted(object.type, expected));
      }
      object.checkTypes();
    } else if (value instanceof List<?> list) {
      for (Object item : list) {
        check(expected, item);
      }
    } else if (value instanceof Optional<?> optional) {
      optional.ifPresent(v -> check(expected, v));
    }
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
