package io.kubra.apiserver.storage;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an update turns the current object into the next one; called again when it is retried. */
public interface Change {

  /**
   * Returns the wanted object, in the served version. The argument belongs to the callee; it is
   * null if there is no object, which happens only if {@link #createsMissing()}.
   */
  Map<String, Object> apply(@Nullable Map<String, Object> current);

  /** Whether an object that does not exist is created. */
  default boolean createsMissing() {
    return false;
  }

  /** Whether to start over when the object changed meanwhile, instead of reporting a conflict. */
  default boolean retries() {
    return false;
  }

  /** What admission sees instead of the object; null for the object itself. */
  default @Nullable SubresourceView view() {
    return null;
  }

  /** Whether the result's managedFields are final, as after an apply. */
  default boolean managesFields() {
    return false;
  }
}
