package io.kubra.node.probe;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Probe;
import org.jspecify.annotations.Nullable;

/** What a probe is for. */
enum ProbeKind {
  STARTUP("Startup"),
  READINESS("Readiness"),
  LIVENESS("Liveness");

  private final String text;

  ProbeKind(String text) {
    this.text = text;
  }

  /** The name in events. */
  String text() {
    return text;
  }

  /** The container's probe of this kind, or null. */
  @Nullable Probe of(Container container) {
    return switch (this) {
      case STARTUP -> container.startupProbe();
      case READINESS -> container.readinessProbe();
      case LIVENESS -> container.livenessProbe();
    };
  }

  /** What holds of a container before its first probe. */
  boolean initially() {
    return this == LIVENESS;
  }
}
