package io.kubra.console.session;

import java.time.Instant;

/**
 * A user who logged in.
 *
 * @param user the name the API server knows the user by
 * @param token the bearer token, with which every page is read
 * @param end when the session ends at the latest
 */
public record Session(String user, String token, Instant end) {
  /** Without the token, which belongs into no log. */
  @Override
  public String toString() {
    return "session of " + user + " until " + end;
  }
}
