package io.kubra.node.stats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What went through one network interface since it was made. */
record NetworkInterface(
    String name,
    long receivedBytes,
    long receivedPackets,
    long receivedErrors,
    long receivedDropped,
    long sentBytes,
    long sentPackets,
    long sentErrors,
    long sentDropped) {
  private static final int COLUMNS = 16;

  /** The interfaces that a process sees, without loopback and the ends of containers' links. */
  static List<NetworkInterface> of(String process) {
    try {
      return parse(Files.readAllLines(Path.of("/proc", process, "net/dev")));
    } catch (IOException e) {
      return List.of();
    }
  }

  static List<NetworkInterface> parse(List<String> lines) {
    List<NetworkInterface> found = new ArrayList<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        continue;
      }
      String name = line.substring(0, colon).strip();
      String[] columns = line.substring(colon + 1).strip().split("\\s+");
      if (columns.length < COLUMNS || name.equals("lo") || name.startsWith("veth")) {
        continue;
      }
      long[] n = new long[COLUMNS];
      for (int i = 0; i < COLUMNS; i++) {
        n[i] = Long.parseLong(columns[i]);
      }
      found.add(new NetworkInterface(name, n[0], n[1], n[2], n[3], n[8], n[9], n[10], n[11]));
    }
    return found;
  }
}
