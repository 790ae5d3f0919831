package io.kubra.cli.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The capabilities this process has; root in a container often lacks some. */
final class Capabilities {
  /** CAP_SYS_RESOURCE: lowering OOM scores, among others. */
  static final int SYS_RESOURCE = 24;

  private Capabilities() {}

  static boolean has(int capability) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("CapEff:")) {
          long bits = Long.parseUnsignedLong(line.substring(7).strip(), 16);
          return (bits >> capability & 1) == 1;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
