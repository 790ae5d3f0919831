package io.kubra.cli.host;

import java.util.HashSet;
import java.util.Set;

/**
 * The distribution, from {@code /etc/os-release}.
 *
 * @param like the distributions it descends from
 */
public record OsRelease(String id, String versionId, String name, Set<String> like) {
  /** Reads it. */
  public static OsRelease read(HostFiles host) {
    String id = "";
    String version = "";
    String name = "";
    Set<String> like = new HashSet<>();
    for (String line : host.lines("/etc/os-release")) {
      int equals = line.indexOf('=');
      if (equals < 0) {
        continue;
      }
      String value = line.substring(equals + 1).replace("\"", "").replace("'", "");
      switch (line.substring(0, equals)) {
        case "ID" -> id = value;
        case "VERSION_ID" -> version = value;
        case "PRETTY_NAME" -> name = value;
        case "ID_LIKE" -> like.addAll(Set.of(value.split(" ")));
        default -> {}
      }
    }
    return new OsRelease(id, version, name, like);
  }

  /** {@code deb}, {@code rpm}, or empty for another kind of packages (ra2.os.001). */
  public String packages() {
    Set<String> kin = new HashSet<>(like);
    kin.add(id);
    if (kin.contains("debian") || kin.contains("ubuntu")) {
      return "deb";
    }
    return kin.stream()
            .anyMatch(Set.of("rhel", "fedora", "centos", "suse", "opensuse", "sles")::contains)
        ? "rpm"
        : "";
  }
}
