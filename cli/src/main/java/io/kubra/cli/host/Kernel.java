package io.kubra.cli.host;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel.
 *
 * @param full its release, such as {@code 6.1.0-18-amd64}
 * @param config what is built in ({@code y}) or a module ({@code m}), without {@code CONFIG_};
 *     empty if the machine does not tell
 */
public record Kernel(String full, int major, int minor, int revision, Map<String, String> config) {
  private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

  /** Reads it. */
  public static Kernel read(HostFiles host) {
    String full = host.read("/proc/sys/kernel/osrelease");
    Matcher release = RELEASE.matcher(full);
    boolean known = release.matches();
    return new Kernel(
        full,
        known ? Integer.parseInt(release.group(1)) : 0,
        known ? Integer.parseInt(release.group(2)) : 0,
        known && release.group(3) != null ? Integer.parseInt(release.group(3)) : 0,
        config(host, full));
  }

  private static Map<String, String> config(HostFiles host, String release) {
    for (String file : List.of("/proc/config.gz", "/boot/config-" + release)) {
      Map<String, String> config = new HashMap<>();
      for (String line : host.lines(file)) {
        int equals = line.indexOf('=');
        if (line.startsWith("CONFIG_") && equals > 0) {
          config.put(line.substring("CONFIG_".length(), equals), line.substring(equals + 1));
        }
      }
      if (!config.isEmpty()) {
        return config;
      }
    }
    return Map.of();
  }

  /** Whether it is at least this version. */
  public boolean atLeast(int wantedMajor, int wantedMinor) {
    return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
  }
}
