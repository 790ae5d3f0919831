package io.kubra.apiserver.cache;

import io.kubra.api.status.ApiException;

/** The answer to a resourceVersion that this server has not seen yet. */
final class TooLarge {
  private TooLarge() {}

  static ApiException exception(long wanted, long current) {
    return ApiException.timeout(
            "Too large resource version: " + wanted + ", current: " + current, 1)
        .withCause("ResourceVersionTooLarge", "Too large resource version", null);
  }
}
