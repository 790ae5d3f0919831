package io.kubra.cli.local;

import io.kubra.cli.CliException;
import io.kubra.cli.process.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Installs packages of the distribution for their programs alone: the services that they bring are
 * neither started nor left enabled, because a cluster runs the programs itself. What was installed
 * before is not touched.
 */
final class PackageInstallation {
  // Debian's scripts ask this program before they start a service; 101 forbids it.
  private static final Path POLICY = Path.of("/usr/sbin/policy-rc.d");
  private static final String DENY =
      """
      #!/bin/sh
      # Written by kubra up for the time of an installation; starts no service.
      exit 101
      """;

  private PackageInstallation() {}

  /**
   * Installs them.
   *
   * @throws CliException saying what to do, if apt-get cannot
   */
  static void install(List<String> packages) {
    Run.attempt("apt-get", "update", "-q");
    Set<String> before = installed();
    boolean denied = deny();
    try {
      List<String> command =
          new ArrayList<>(List.of("apt-get", "install", "-y", "-q", "--no-install-recommends"));
      command.addAll(packages);
      Run.Result result = Run.attempt(command, "", Map.of("DEBIAN_FRONTEND", "noninteractive"));
      if (!result.ok()) {
        throw new CliException(
            "cannot install %1$s; install them by hand (apt-get install %2$s) or leave out the part that needs them (kubra up --disable PART)"
                .formatted(String.join(", ", packages), String.join(" ", packages)));
      }
    } finally {
      if (denied) {
        allow();
      }
      Set<String> added = installed();
      added.removeAll(before);
      disable(services(added));
    }
  }

  /** Forbids that services start, unless the host has a policy of its own. */
  private static boolean deny() {
    try {
      if (Files.exists(POLICY) && !Files.readString(POLICY).equals(DENY)) {
        return false;
      }
      Files.writeString(POLICY, DENY);
      Files.setPosixFilePermissions(POLICY, PosixFilePermissions.fromString("rwxr-xr-x"));
      return true;
    } catch (IOException e) {
      throw new CliException("cannot write " + POLICY + ": " + e.getMessage());
    }
  }

  private static void allow() {
    try {
      Files.deleteIfExists(POLICY);
    } catch (IOException e) {
      throw new CliException("remove " + POLICY + " by hand: " + e.getMessage());
    }
  }

  private static Set<String> installed() {
    Set<String> names = new TreeSet<>();
    Run.attempt("dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package}\n")
        .output()
        .lines()
        .filter(line -> line.startsWith("installed "))
        .forEach(line -> names.add(line.substring("installed ".length())));
    return names;
  }

  /** The units that packages bring and that can be enabled: services, sockets and timers. */
  private static Set<String> services(Set<String> packages) {
    Set<String> units = new HashSet<>();
    for (String name : packages) {
      for (String file : Run.attempt("dpkg-query", "--listfiles", name).output().lines().toList()) {
        if (file.matches("(/usr)?/lib/systemd/system/[^/@]+\\.(service|socket|timer)")) {
          units.add(file.substring(file.lastIndexOf('/') + 1));
        }
      }
    }
    return units;
  }

  /** Also ends what a policy of the host's own let start. */
  private static void disable(Set<String> units) {
    if (units.isEmpty() || !Files.exists(Path.of("/usr/bin/systemctl"))) {
      return;
    }
    List<String> command = new ArrayList<>(List.of("systemctl", "disable", "--quiet"));
    if (Files.isDirectory(Path.of("/run/systemd/system"))) {
      command.add("--now");
    }
    command.addAll(units);
    Run.attempt(command, "");
  }
}
