package io.kubra.store.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Which run of the machine this is. A process that dies leaves its writes with the kernel; only
 * when the machine went down as well may some that were not forced to disk be gone.
 */
final class BootId {
  private static final Path SOURCE = Path.of("/proc/sys/kernel/random/boot_id");

  private BootId() {}

  /** The kernel's own identifier; where there is none, one that matches no other. */
  static UUID current() {
    try {
      return UUID.fromString(Files.readString(SOURCE).strip());
    } catch (IOException | IllegalArgumentException e) {
      return UUID.randomUUID();
    }
  }
}
