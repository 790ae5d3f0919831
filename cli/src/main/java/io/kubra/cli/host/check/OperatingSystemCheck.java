package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;
import io.kubra.cli.host.OsRelease;

/** A Linux of the deb or rpm kind (ra2.os.001). */
final class OperatingSystemCheck implements HostCheck {
  @Override
  public String name() {
    return "operating system";
  }

  @Override
  public Finding check(HostFiles host) {
    OsRelease system = OsRelease.read(host);
    if (system.packages().isEmpty()) {
      return Finding.warning(
          system.name().isEmpty() ? "unknown" : system.name(),
          "RA2 asks for a Linux distribution with deb or rpm packages (ra2.os.001); install the"
              + " needed programs by hand");
    }
    return Finding.ok(system.name() + ", " + system.packages() + " packages");
  }
}
