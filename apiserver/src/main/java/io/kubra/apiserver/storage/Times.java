package io.kubra.apiserver.storage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Timestamps as metadata carries them: RFC 3339, whole seconds, UTC. */
final class Times {
  private Times() {}

  static String format(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
