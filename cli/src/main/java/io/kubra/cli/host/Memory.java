package io.kubra.cli.host;

import java.util.Map;
import java.util.TreeMap;

/**
 * The machine's memory.
 *
 * @param bytes how much there is
 * @param numaNodes how many nodes it is spread over
 * @param hugePages how many pages are set aside, by their size in KiB
 */
public record Memory(long bytes, int numaNodes, Map<Long, Long> hugePages) {
  private static final String HUGE = "/sys/kernel/mm/hugepages";

  /** Reads it. */
  public static Memory read(HostFiles host) {
    long bytes = 0;
    for (String line : host.lines("/proc/meminfo")) {
      if (line.startsWith("MemTotal:")) {
        bytes = Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    int nodes = 0;
    for (String name : host.names("/sys/devices/system/node")) {
      nodes += name.matches("node[0-9]+") ? 1 : 0;
    }
    Map<Long, Long> pages = new TreeMap<>();
    for (String name : host.names(HUGE)) {
      long size = Long.parseLong(name.replaceAll("[^0-9]", ""));
      pages.put(size, host.number(HUGE + "/" + name + "/nr_hugepages", 0));
    }
    return new Memory(bytes, Math.max(1, nodes), pages);
  }

  /** Whether huge pages of any size are set aside. */
  public boolean hasHugePages() {
    return hugePages.values().stream().anyMatch(count -> count > 0);
  }
}
