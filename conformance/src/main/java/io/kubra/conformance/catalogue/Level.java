package io.kubra.conformance.catalogue;

/** How binding a requirement is; {@code -not} levels forbid. */
public enum Level {
  MUST("must"),
  MUST_NOT("must-not"),
  SHOULD("should"),
  SHOULD_NOT("should-not"),
  MAY("may");

  private final String text;

  Level(String text) {
    this.text = text;
  }

  /** Whether a cluster that fails the requirement does not conform. */
  public boolean binding() {
    return this == MUST || this == MUST_NOT;
  }

  static Level of(String text) {
    for (Level level : values()) {
      if (level.text.equals(text)) {
        return level;
      }
    }
    throw new IllegalArgumentException("there is no level \"" + text + '"');
  }

  @Override
  public String toString() {
    return text;
  }
}
