package io.kubra.apiserver.registry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A change of one object. The trees are shared between listeners: do not change them. */
public record ChangeEvent(
    Type type, Map<String, Object> object, @Nullable Map<String, Object> previous, long revision) {

  /** What happened; {@link #DELETED} carries the last state as its object. */
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }
}
