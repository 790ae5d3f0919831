package io.kubra.cli.host.check;

import java.util.Locale;

/** How a check ended. */
public enum Level {
  OK,
  /** It works, but not as RA2 wants it, or not everything. */
  WARNING,
  /** Nothing will work. */
  FAILURE;

  /** The name in tables and JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
