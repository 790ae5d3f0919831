package io.kubra.store;

import org.jspecify.annotations.Nullable;

/** There is no space for a write. Reads go on; writes succeed again once there is space. */
public final class StoreFullException extends StoreException {
  private static final long serialVersionUID = 1;

  /** Says where space is missing. */
  public StoreFullException(String message) {
    this(message, null);
  }

  /** Says where space is missing, and what the operating system said. */
  public StoreFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
