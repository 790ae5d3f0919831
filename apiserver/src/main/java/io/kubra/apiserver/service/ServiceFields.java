package io.kubra.apiserver.service;

import io.kubra.api.tree.Trees;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The fields of a Service that have to do with allocation. */
final class ServiceFields {
  private ServiceFields() {}

  static String type(Map<String, Object> service) {
    return Trees.stringOr(service, "ClusterIP", "spec", "type");
  }

  static boolean isHeadless(Map<String, Object> service) {
    return "None".equals(Trees.string(service, "spec", "clusterIP"))
        || Trees.list(service, "spec", "clusterIPs").contains("None");
  }

  /** The addresses a Service holds. */
  static Set<String> addresses(Map<String, Object> service) {
    Set<String> addresses = new HashSet<>();
    if (type(service).equals("ExternalName")) {
      return addresses;
    }
    for (Object a : Trees.list(service, "spec", "clusterIPs")) {
      addresses.add(String.valueOf(a));
    }
    addresses.add(Trees.stringOr(service, "", "spec", "clusterIP"));
    addresses.remove("");
    addresses.remove("None");
    return addresses;
  }

  /** The node ports a Service holds. */
  static Set<Integer> nodePorts(Map<String, Object> service) {
    Set<Integer> ports = new HashSet<>();
    for (Object p : Trees.list(service, "spec", "ports")) {
      Long port = Trees.integer(p, "nodePort");
      if (port != null && port > 0) {
        ports.add(port.intValue());
      }
    }
    Long health = Trees.integer(service, "spec", "healthCheckNodePort");
    if (health != null && health > 0) {
      ports.add(health.intValue());
    }
    return ports;
  }

  @SuppressWarnings("unchecked")
  static void setNodePort(Object port, long nodePort) {
    ((Map<String, Object>) port).put("nodePort", nodePort);
  }

  /**
   * Keeps what was allocated where an update leaves it out, and drops what the new type has no use
   * for.
   */
  static void carryOver(Map<String, Object> old, Map<String, Object> next) {
    Map<String, Object> spec = Trees.ensureMap(next, "spec");
    String before = type(old);
    String now = type(next);
    if (now.equals("ExternalName")) {
      if (!before.equals(now)) {
        for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
          spec.remove(field);
        }
      }
    } else if (!before.equals("ExternalName")) {
      keepAddresses(old, spec);
    }
    boolean had = before.equals("NodePort") || before.equals("LoadBalancer");
    boolean has = now.equals("NodePort") || now.equals("LoadBalancer");
    if (had && has) {
      keepPorts(old, spec);
    } else if (had) {
      dropPorts(old, spec);
    }
    if (now.equals("LoadBalancer")) {
      keepIfAbsent(old, spec, "healthCheckNodePort");
    } else if (before.equals("LoadBalancer")) {
      spec.remove("healthCheckNodePort");
      spec.remove("allocateLoadBalancerNodePorts");
    }
  }

  private static void keepAddresses(Map<String, Object> old, Map<String, Object> spec) {
    String first = Trees.stringOr(spec, "", "clusterIP");
    List<Object> all = Trees.list(spec, "clusterIPs");
    if (first.isEmpty() && all.isEmpty()) {
      keepIfAbsent(old, spec, "clusterIP");
      keepIfAbsent(old, spec, "clusterIPs");
    } else if (!first.isEmpty()
        && all.isEmpty()
        && first.equals(Trees.string(old, "spec", "clusterIP"))) {
      keepIfAbsent(old, spec, "clusterIPs");
    }
    keepIfAbsent(old, spec, "ipFamilyPolicy");
    keepIfAbsent(old, spec, "ipFamilies");
  }

  private static void keepIfAbsent(
      Map<String, Object> old, Map<String, Object> spec, String field) {
    Object now = spec.get(field);
    boolean absent =
        now == null
            || now.equals("")
            || now.equals(0L)
            || now instanceof List<?> list && list.isEmpty();
    Object before = Trees.get(old, "spec", field);
    if (absent && before != null) {
      spec.put(field, Trees.deepCopy(before));
    }
  }

  private static void keepPorts(Map<String, Object> old, Map<String, Object> spec) {
    for (Object port : Trees.list(spec, "ports")) {
      Long own = Trees.integer(port, "nodePort");
      if (own != null && own != 0) {
        continue;
      }
      for (Object before : Trees.list(old, "spec", "ports")) {
        Long given = Trees.integer(before, "nodePort");
        if (given != null && given > 0 && samePort(port, before)) {
          setNodePort(port, given);
        }
      }
    }
  }

  private static boolean samePort(Object a, Object b) {
    return Objects.equals(Trees.integer(a, "port"), Trees.integer(b, "port"))
        && Trees.stringOr(a, "TCP", "protocol").equals(Trees.stringOr(b, "TCP", "protocol"));
  }

  /** Node ports that came along unchanged although the type no longer has any. */
  @SuppressWarnings("unchecked")
  private static void dropPorts(Map<String, Object> old, Map<String, Object> spec) {
    Set<Integer> before = nodePorts(old);
    for (Object port : Trees.list(spec, "ports")) {
      Long own = Trees.integer(port, "nodePort");
      if (own != null && before.contains(own.intValue())) {
        ((Map<String, Object>) port).remove("nodePort");
      }
    }
  }
}
