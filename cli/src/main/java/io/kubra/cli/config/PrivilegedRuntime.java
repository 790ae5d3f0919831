package io.kubra.cli.config;

import java.util.Locale;

/** Where privileged pods outside the system namespaces may run (RA2, workload security). */
public enum PrivilegedRuntime {
  /** In a sandbox only. */
  SANDBOXED,
  /** Wherever they ask to. */
  UNRESTRICTED;

  /** The name that users write. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
