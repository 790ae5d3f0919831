package io.kubra.node.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the kernel and the distribution say about this machine. */
public final class HostFacts {
  private static final Path MEMINFO = Path.of("/proc/meminfo");

  private HostFacts() {}

  /** A line of {@code /proc/meminfo} in bytes; 0 if it is not there. */
  public static long memory(String name) {
    for (String line : read(MEMINFO).split("\n")) {
      if (line.startsWith(name + ":")) {
        String[] words = line.substring(name.length() + 1).strip().split("\\s+");
        return Long.parseLong(words[0]) * (words.length > 1 ? 1024 : 1);
      }
    }
    return 0;
  }

  /** The machine's id. */
  public static String machineId() {
    return read(Path.of("/etc/machine-id")).strip();
  }

  /** The id of the machine's hardware. */
  public static String systemUuid() {
    String uuid = read(Path.of("/sys/class/dmi/id/product_uuid")).strip();
    return uuid.isEmpty() ? machineId() : uuid.toLowerCase(Locale.ROOT);
  }

  /** Differs after each boot. */
  public static String bootId() {
    return read(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  /** The kernel's version. */
  public static String kernelVersion() {
    return read(Path.of("/proc/sys/kernel/osrelease")).strip();
  }

  /** The distribution's name. */
  public static String osImage() {
    for (String line : read(Path.of("/etc/os-release")).split("\n")) {
      if (line.startsWith("PRETTY_NAME=")) {
        return line.substring("PRETTY_NAME=".length()).replace("\"", "");
      }
    }
    return "Linux";
  }

  /** The architecture as Go names it. */
  public static String architecture() {
    return switch (System.getProperty("os.arch", "")) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      case String other -> other;
    };
  }

  /** How many processes and threads the kernel lets exist. */
  public static long mostPids() {
    String text = read(Path.of("/proc/sys/kernel/pid_max")).strip();
    return text.isEmpty() ? Long.MAX_VALUE : Long.parseLong(text);
  }

  /** How many processes and threads exist. */
  public static long pids() {
    String[] words = read(Path.of("/proc/loadavg")).split(" ");
    if (words.length < 4) {
      return 0;
    }
    return Long.parseLong(words[3].substring(words[3].indexOf('/') + 1));
  }

  private static String read(Path file) {
    try {
      // Not readString: files below /proc/sys answer only the first of several reads.
      return Files.isReadable(file) ? String.join("\n", Files.readAllLines(file)) : "";
    } catch (IOException e) {
      return "";
    }
  }
}
