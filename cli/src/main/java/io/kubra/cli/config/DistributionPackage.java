package io.kubra.cli.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A package of the Linux distribution that a part needs.
 *
 * @param name its name in Debian
 * @param programs files by which it is recognised; one of them is enough, wherever it came from
 */
public record DistributionPackage(String name, List<Path> programs) {
  /** A package recognised by any of the given files. */
  public static DistributionPackage of(String name, String... programs) {
    return new DistributionPackage(name, List.of(programs).stream().map(Path::of).toList());
  }

  /** Whether what it brings is there. */
  public boolean present() {
    return programs.stream().anyMatch(Files::exists);
  }
}
