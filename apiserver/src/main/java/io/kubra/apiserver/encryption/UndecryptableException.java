package io.kubra.apiserver.encryption;

import io.kubra.store.StoreException;
import org.jspecify.annotations.Nullable;

/** A stored value cannot be read with the keys that are configured. It stays as it is. */
public final class UndecryptableException extends StoreException {
  private static final long serialVersionUID = 1;

  UndecryptableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
