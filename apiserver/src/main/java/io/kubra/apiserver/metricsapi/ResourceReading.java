package io.kubra.apiserver.metricsapi;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a node's {@code /metrics/resource} said at one time.
 *
 * @param node the node itself
 * @param pods each pod's containers by name
 */
record ResourceReading(Point node, Map<Pod, Map<String, Point>> pods) {
  /** Names a pod. */
  record Pod(String namespace, String name) {}

  /**
   * One container's, or the node's, counters.
   *
   * @param cpuSeconds processor time so far
   * @param timeMillis when that was read
   * @param memoryBytes the working set
   * @param startSeconds when the container started; 0 if it is not known
   */
  record Point(double cpuSeconds, long timeMillis, double memoryBytes, double startSeconds) {
    static final Point NONE = new Point(-1, 0, -1, 0);

    boolean complete() {
      return cpuSeconds >= 0 && memoryBytes >= 0 && timeMillis > 0;
    }
  }

  /** Reads the text format; families that do not matter here are skipped. */
  static ResourceReading parse(String text) {
    Point node = Point.NONE;
    Map<Pod, Map<String, Point>> pods = new HashMap<>();
    for (String line : text.split("\n")) {
      if (line.startsWith("#") || line.isEmpty()) {
        continue;
      }
      int brace = line.indexOf('{');
      int end = brace < 0 ? line.indexOf(' ') : line.lastIndexOf('}') + 1;
      if (end <= 0) {
        continue;
      }
      String name = line.substring(0, brace < 0 ? end : brace);
      List<String> words = Arrays.asList(line.substring(end).strip().split(" "));
      double value = Double.parseDouble(words.getFirst());
      long time = words.size() > 1 ? Long.parseLong(words.get(1)) : 0;
      if (name.equals("node_cpu_usage_seconds_total")) {
        node = new Point(value, time, node.memoryBytes, 0);
      } else if (name.equals("node_memory_working_set_bytes")) {
        node = new Point(node.cpuSeconds, node.timeMillis, value, 0);
      } else if (brace >= 0 && name.startsWith("container_")) {
        Map<String, String> labels = labels(line.substring(brace + 1, end - 1));
        Pod pod = new Pod(labels.getOrDefault("namespace", ""), labels.getOrDefault("pod", ""));
        pods.computeIfAbsent(pod, p -> new TreeMap<>())
            .merge(
                labels.getOrDefault("container", ""),
                with(Point.NONE, name, value, time),
                (old, unused) -> with(old, name, value, time));
      }
    }
    return new ResourceReading(node, pods);
  }

  private static Point with(Point p, String name, double value, long time) {
    return switch (name) {
      case "container_cpu_usage_seconds_total" ->
          new Point(value, time, p.memoryBytes, p.startSeconds);
      case "container_memory_working_set_bytes" ->
          new Point(p.cpuSeconds, p.timeMillis, value, p.startSeconds);
      case "container_start_time_seconds" ->
          new Point(p.cpuSeconds, p.timeMillis, p.memoryBytes, value);
      default -> p;
    };
  }

  /** Names of containers, pods and namespaces need no escapes. */
  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new HashMap<>();
    for (String pair : text.split(",")) {
      int equals = pair.indexOf("=\"");
      if (equals > 0) {
        labels.put(pair.substring(0, equals), pair.substring(equals + 2, pair.length() - 1));
      }
    }
    return labels;
  }
}
