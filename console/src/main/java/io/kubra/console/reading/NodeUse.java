package io.kubra.console.reading;

import io.kubra.api.json.Json;
import io.kubra.api.quantity.Quantity;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.ListOptions;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A node and how full it is.
 *
 * @param roles as kubectl shows them
 * @param problems conditions that are not as they should be
 */
public record NodeUse(
    String name,
    boolean ready,
    boolean schedulable,
    String roles,
    List<String> problems,
    Gauge cpu,
    Gauge memory,
    Gauge pods) {
  private static final String ROLE = "node-role.kubernetes.io/";

  /**
   * How much of something is allocatable, requested and used, in thousandths of a core, bytes or
   * pieces.
   *
   * @param used negative if unknown
   */
  public record Gauge(String unit, long allocatable, long requested, long used) {
    /** The share requested, in whole per cent. */
    public long requestedPercent() {
      return percent(requested);
    }

    /** The share used, in whole per cent; 0 if unknown. */
    public long usedPercent() {
      return used < 0 ? 0 : percent(used);
    }

    private long percent(long value) {
      return allocatable <= 0 ? 0 : Math.min(100, Math.round(100.0 * value / allocatable));
    }

    /** An amount with its unit. */
    public String text(long value) {
      return switch (unit) {
        case "cpu" -> "%.2f".formatted(value / 1000.0);
        case "bytes" -> "%.1f GiB".formatted(value / (double) (1 << 30));
        default -> Long.toString(value);
      };
    }
  }

  /** Reads all nodes; what they use is unknown where no metrics API answers. */
  public static List<NodeUse> read(ApiClient api) {
    List<Node> nodes = api.resource(Node.RESOURCE).list("", ListOptions.ALL).items();
    Map<String, List<Pod>> pods = new HashMap<>();
    for (Pod pod : api.resource(Pod.RESOURCE).list("", ListOptions.ALL).items()) {
      String node = pod.spec().nodeName();
      String phase = pod.status().phase();
      if (node != null && !"Succeeded".equals(phase) && !"Failed".equals(phase)) {
        pods.computeIfAbsent(node, n -> new ArrayList<>()).add(pod);
      }
    }
    Map<String, Object> usage = Part.read(() -> usage(api)).value();
    return nodes.stream()
        .map(
            n ->
                of(
                    n,
                    pods.getOrDefault(n.metadata().name(), List.of()),
                    usage == null ? null : usage.get(n.metadata().name())))
        .toList();
  }

  private static Map<String, Object> usage(ApiClient api) {
    Map<String, Object> usage = new HashMap<>();
    byte[] body = api.call(ApiRequest.get("/apis/metrics.k8s.io/v1beta1/nodes"));
    for (Map<String, Object> item : Trees.maps(Json.parseObject(body), "items")) {
      usage.put(Trees.stringOr(item, "", "metadata", "name"), item);
    }
    return usage;
  }

  private static NodeUse of(
      Node node, List<Pod> pods, @org.jspecify.annotations.Nullable Object usage) {
    boolean ready = false;
    List<String> problems = new ArrayList<>();
    for (var condition : node.status().conditions()) {
      boolean on = "True".equals(condition.status());
      if (condition.type().equals("Ready")) {
        ready = on;
      } else if (on) {
        problems.add(condition.type());
      }
    }
    List<String> roles =
        node.metadata().labels().keySet().stream()
            .filter(l -> l.startsWith(ROLE))
            .map(l -> l.substring(ROLE.length()))
            .sorted()
            .toList();
    Map<String, String> room = node.status().allocatable();
    return new NodeUse(
        node.metadata().name(),
        ready,
        !Boolean.TRUE.equals(node.spec().unschedulable()),
        roles.isEmpty() ? "worker" : String.join(", ", roles),
        problems,
        new Gauge(
            "cpu",
            milli(room.get("cpu")),
            requested(pods, "cpu"),
            usage == null ? -1 : milli(Trees.string(usage, "usage", "cpu"))),
        new Gauge(
            "bytes",
            milli(room.get("memory")) / 1000,
            requested(pods, "memory") / 1000,
            usage == null ? -1 : milli(Trees.string(usage, "usage", "memory")) / 1000),
        new Gauge("pods", milli(room.get("pods")) / 1000, pods.size(), pods.size()));
  }

  private static long milli(@org.jspecify.annotations.Nullable String text) {
    Quantity quantity = Quantity.tryParse(text);
    return quantity == null ? 0 : quantity.milli();
  }

  private static long requested(List<Pod> pods, String resource) {
    long sum = 0;
    for (Pod pod : pods) {
      for (Container container : pod.spec().containers()) {
        if (container.resources() != null) {
          sum += milli(container.resources().requests().get(resource));
        }
      }
    }
    return sum;
  }
}
