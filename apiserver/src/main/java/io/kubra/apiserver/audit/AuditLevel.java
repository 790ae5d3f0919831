package io.kubra.apiserver.audit;

import java.util.Optional;

/**
 * How much of a request is recorded, as in {@code audit.k8s.io/v1}; each includes the ones before.
 */
public enum AuditLevel {
  /** Nothing. */
  NONE("None"),
  /** Who did what to which object and how it was answered, but no bodies. */
  METADATA("Metadata"),
  /** The body of the request too. */
  REQUEST("Request"),
  /** The body of the response too. */
  REQUEST_RESPONSE("RequestResponse");

  private final String text;

  AuditLevel(String text) {
    this.text = text;
  }

  /** The name in policies and events. */
  public String text() {
    return text;
  }

  /** Whether what belongs to a level is recorded at this one. */
  public boolean includes(AuditLevel other) {
    return compareTo(other) >= 0;
  }

  /** The level of a name. */
  public static Optional<AuditLevel> of(String text) {
    for (AuditLevel level : values()) {
      if (level.text.equals(text)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}
