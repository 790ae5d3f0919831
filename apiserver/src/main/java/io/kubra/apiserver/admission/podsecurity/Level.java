package io.kubra.apiserver.admission.podsecurity;

import java.util.Locale;
import java.util.Optional;

/** How much a pod may do, from everything to little. */
public enum Level {
  PRIVILEGED,
  BASELINE,
  RESTRICTED;

  /** The name in labels and messages. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The level of a label's value. */
  static Optional<Level> of(String text) {
    for (Level level : values()) {
      if (level.text().equals(text)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}
