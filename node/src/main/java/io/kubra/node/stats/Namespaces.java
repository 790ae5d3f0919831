package io.kubra.node.stats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which kernel namespaces processes share. */
final class Namespaces {
  private Namespaces() {}

  /** Whether a process is in this process's network namespace; so is one that is gone. */
  static boolean sameNetwork(long process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + process + "/ns/net"))
          .equals(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
    } catch (IOException e) {
      return true;
    }
  }
}
