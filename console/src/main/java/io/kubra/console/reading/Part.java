package io.kubra.console.reading;

import io.kubra.api.status.ApiException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A part of a page: what was read, or why it could not be. One part that the user may not see, or
 * that the cluster does not serve, leaves the others alone.
 *
 * @param value what was read; null if it could not be
 * @param problem what to tell instead
 */
public record Part<T>(@Nullable T value, String problem) {
  /**
   * Reads a part.
   *
   * @throws ApiException if the user's token is no longer good
   */
  public static <T> Part<T> read(Supplier<T> reading) {
    try {
      return new Part<>(reading.get(), "");
    } catch (ApiException e) {
      if (e.code() == 401) {
        throw e;
      }
      return new Part<>(
          null, e.code() == 404 ? "not served by this cluster" : String.valueOf(e.getMessage()));
    }
  }

  /** What was read, or something else in its place. */
  public T orElse(T other) {
    T read = value;
    return read == null ? other : read;
  }

  /** Whether it could be read. */
  public boolean there() {
    return value != null;
  }
}
