package io.kubra.addons.helm.controller;

import java.util.Locale;

/** What follows a failed installation or upgrade. */
enum FailurePolicy {
  /** Another attempt after a pause that grows. */
  RETRY,
  /** The same, but the release is uninstalled first. */
  REINSTALL,
  /** Nothing until the spec changes. */
  ABORT;

  static FailurePolicy of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
