package io.kubra.api.patch;

import io.kubra.api.status.ApiException;

/** How patches that cannot be applied are answered. */
final class PatchErrors {
  private PatchErrors() {}

  /** The patch is well formed but does not fit the object; the cause says why. */
  static ApiException unprocessable(String why) {
    return ApiException.generic(
            422, "Invalid", "the server rejected our request due to an error in our request")
        .withCause("", why, "");
  }

  /** The patch itself is malformed. */
  static ApiException malformed(String why) {
    return ApiException.badRequest(why);
  }
}
