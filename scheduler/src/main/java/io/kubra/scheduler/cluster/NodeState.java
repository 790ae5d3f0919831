package io.kubra.scheduler.cluster;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.ContainerPort;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node with the pods on it, and sums over them that are kept up by each change. */
public final class NodeState {
  private final String name;
  private @Nullable Node node;
  private Resources allocatable = new Resources();
  private final Resources requested = new Resources();
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final Map<String, Resources> requests = new HashMap<>();
  private final Map<String, Integer> ports = new HashMap<>();

  NodeState(String name) {
    this.name = name;
  }

  /** The node's name. */
  public String name() {
    return name;
  }

  /** The node; null while only pods that name it are known. */
  public @Nullable Node node() {
    return node;
  }

  void node(@Nullable Node node) {
    this.node = node;
    this.allocatable = node == null ? new Resources() : Resources.of(node.status().allocatable());
  }

  /** A label of the node. */
  public @Nullable String label(String key) {
    return node == null ? null : node.metadata().labels().get(key);
  }

  /** What pods may occupy in all. */
  public Resources allocatable() {
    return allocatable;
  }

  /** What they occupy. */
  public Resources requested() {
    return requested;
  }

  /** The pods, those assumed to be on their way included. */
  public Collection<Pod> pods() {
    return pods.values();
  }

  /** Whether a host port is taken; an address of 0.0.0.0 takes it on all addresses. */
  public boolean portTaken(String port) {
    if (ports.containsKey(port)) {
      return true;
    }
    String rest = port.substring(port.indexOf('/'));
    if (port.startsWith("0.0.0.0/")) {
      return ports.keySet().stream().anyMatch(p -> p.endsWith(rest));
    }
    return ports.containsKey("0.0.0.0" + rest);
  }

  boolean isEmpty() {
    return node == null && pods.isEmpty();
  }

  void add(Pod pod) {
    remove(pod.metadata().uid());
    Resources own = Resources.requestsOf(pod);
    pods.put(pod.metadata().uid(), pod);
    requests.put(pod.metadata().uid(), own);
    requested.add(own);
    hostPorts(pod).forEach(p -> ports.merge(p, 1, Integer::sum));
  }

  void remove(String uid) {
    Pod old = pods.remove(uid);
    Resources own = requests.remove(uid);
    if (old != null && own != null) {
      requested.subtract(own);
      hostPorts(old).forEach(p -> ports.computeIfPresent(p, (k, n) -> n == 1 ? null : n - 1));
    }
  }

  /** The host ports of a pod as {@code address/protocol/port}. */
  public static List<String> hostPorts(Pod pod) {
    List<String> ports = new ArrayList<>();
    for (Container container : pod.spec().containers()) {
      for (ContainerPort port : container.ports()) {
        Integer number =
            Boolean.TRUE.equals(pod.spec().hostNetwork()) && port.hostPort() == null
                ? Integer.valueOf(port.containerPort())
                : port.hostPort();
        if (number != null && number > 0) {
          String address =
              port.hostIP() == null || port.hostIP().isEmpty() ? "0.0.0.0" : port.hostIP();
          String protocol = port.protocol() == null ? "TCP" : port.protocol();
          ports.add(address + "/" + protocol + "/" + number);
        }
      }
    }
    return ports;
  }
}
