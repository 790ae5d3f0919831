package io.kubra.node.registration;

import io.kubra.api.quantity.Quantity;
import io.kubra.node.system.HostFacts;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the node has and what of it pods may request.
 *
 * @param capacity all there is
 * @param allocatable capacity without what is reserved and kept free
 */
public record NodeCapacity(Map<String, String> capacity, Map<String, String> allocatable) {
  private static final long MEMORY_KEPT = 100L << 20;
  private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/hugepages");

  /**
   * Measures this machine.
   *
   * @param root a folder on the file system that pods write to
   * @param given amounts that replace or add to those found
   * @param reserved amounts kept from pods
   */
  public static NodeCapacity measure(
      Path root, int maxPods, Map<String, String> given, Map<String, String> reserved)
      throws IOException {
    Map<String, String> capacity = new TreeMap<>();
    capacity.put("cpu", Integer.toString(Runtime.getRuntime().availableProcessors()));
    capacity.put("memory", HostFacts.memory("MemTotal") / 1024 + "Ki");
    capacity.put("pods", Integer.toString(maxPods));
    Files.createDirectories(root);
    long storage = Files.getFileStore(root).getTotalSpace();
    capacity.put("ephemeral-storage", storage / 1024 + "Ki");
    addHugePages(capacity);
    capacity.putAll(given);
    Map<String, String> allocatable = new TreeMap<>();
    capacity.forEach(
        (name, amount) -> {
          Quantity left =
              switch (name) {
                case "memory" -> minus(amount, Long.toString(MEMORY_KEPT));
                case "ephemeral-storage" ->
                    Quantity.parse(Long.toString(Quantity.parse(amount).value() / 10 * 9));
                default -> Quantity.parse(amount);
              };
          if (reserved.containsKey(name)) {
            left = minus(left.toString(), reserved.get(name));
          }
          allocatable.put(name, left.toString());
        });
    return new NodeCapacity(capacity, allocatable);
  }

  private static Quantity minus(String amount, String less) {
    Quantity left = Quantity.parse(amount).subtract(Quantity.parse(less));
    return left.signum() < 0 ? Quantity.ZERO : left;
  }

  private static void addHugePages(Map<String, String> capacity) throws IOException {
    if (!Files.isDirectory(HUGE_PAGES)) {
      return;
    }
    try (DirectoryStream<Path> sizes = Files.newDirectoryStream(HUGE_PAGES, "hugepages-*kB")) {
      for (Path size : sizes) {
        String name = size.getFileName().toString();
        long kib = Long.parseLong(name.substring("hugepages-".length(), name.length() - 2));
        long pages = Long.parseLong(Files.readString(size.resolve("nr_hugepages")).strip());
        String unit = kib >= 1 << 20 ? (kib >> 20) + "Gi" : (kib >> 10) + "Mi";
        long amount = pages * kib;
        capacity.put("hugepages-" + unit, amount == 0 ? "0" : amount + "Ki");
      }
    }
  }
}
