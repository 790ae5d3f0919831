package io.kubra.conformance.catalogue;

/** For which nodes or clusters a requirement holds. */
public enum Scope {
  ANY("any"),
  BASIC("basic"),
  HIGH_PERFORMANCE("high-performance"),
  /** Only while a feature is offered or used. */
  OPTIONAL_FEATURE("optional-feature");

  private final String text;

  Scope(String text) {
    this.text = text;
  }

  static Scope of(String text) {
    for (Scope scope : values()) {
      if (scope.text.equals(text)) {
        return scope;
      }
    }
    throw new IllegalArgumentException("there is no profile \"" + text + '"');
  }

  @Override
  public String toString() {
    return text;
  }
}
