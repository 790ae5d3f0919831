package io.kubra.cli.config;

import java.util.List;
import java.util.Locale;

/** Where a cluster's objects are kept. */
public enum StateStore {
  /** The log inside the server process. */
  EMBEDDED,
  /** The distribution's etcd, started as part of the cluster. */
  ETCD;

  private static final List<DistributionPackage> ETCD_PACKAGES =
      List.of(DistributionPackage.of("etcd-server", "/usr/bin/etcd", "/usr/local/bin/etcd"));

  /** The name that users write. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The packages that it needs. */
  public List<DistributionPackage> packages() {
    return switch (this) {
      case EMBEDDED -> List.of();
      case ETCD -> ETCD_PACKAGES;
    };
  }
}
