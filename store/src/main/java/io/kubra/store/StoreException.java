package io.kubra.store;

import org.jspecify.annotations.Nullable;

/** What a store could not do. Subclasses tell the reasons that callers tell apart. */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A failure with a message for the operator. */
  public StoreException(String message) {
    super(message);
  }

  /** A failure with a message for the operator and what led to it. */
  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
