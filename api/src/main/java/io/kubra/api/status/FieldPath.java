package io.kubra.api.status;

import org.jspecify.annotations.Nullable;

/** Where a field is in an object, such as {@code spec.containers[0].name}. Immutable. */
public final class FieldPath {
  private final @Nullable FieldPath parent;
  private final String step;

  private FieldPath(@Nullable FieldPath parent, String step) {
    this.parent = parent;
    this.step = step;
  }

  /** Starts a path. */
  public static FieldPath of(String first, String... more) {
    return new FieldPath(null, first).child(more);
  }

  /** Fields below this one. */
  public FieldPath child(String... names) {
    FieldPath at = this;
    for (String name : names) {
      at = new FieldPath(at, "." + name);
    }
    return at;
  }

  /** An item of this list. */
  public FieldPath index(int index) {
    return new FieldPath(this, "[" + index + "]");
  }

  /** An entry of this map. */
  public FieldPath key(String key) {
    return new FieldPath(this, "[" + key + "]");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    append(text);
    return text.toString();
  }

  private void append(StringBuilder text) {
    if (parent != null) {
      parent.append(text);
    }
    text.append(step);
  }
}
