package io.kubra.apiserver.admission;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The second round of the mutating plugins, which there is if one that calls out changed an object
 * that others had looked at before. Belongs to one request.
 */
public final class Reinvocation {
  private final Map<Object, Object> notes = new HashMap<>(4);
  private boolean requested;
  private boolean repeating;

  /** Whether the plugins are called for the second time. */
  public boolean repeating() {
    return repeating;
  }

  /** Asks for a second round; in the second it has no effect. */
  public void request() {
    requested = true;
  }

  /** What a plugin wants to know again in the second round; made at its first use. */
  @SuppressWarnings("unchecked")
  public <T> T note(Class<T> type, Supplier<T> first) {
    return (T) notes.computeIfAbsent(type, t -> first.get());
  }

  /** Begins the second round, if it was asked for and has not been. */
  public boolean begin() {
    if (!requested || repeating) {
      return false;
    }
    repeating = true;
    return true;
  }
}
