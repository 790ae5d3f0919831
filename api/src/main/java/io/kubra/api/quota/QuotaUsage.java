package io.kubra.api.quota;

import io.kubra.api.quantity.Quantity;
import io.kubra.api.tree.Trees;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What one object uses, by the names that quotas limit. */
public final class QuotaUsage {
  private static final Quantity ONE = Quantity.of(1, Quantity.Format.DECIMAL_SI);
  private static final String CLASS = ".storageclass.storage.k8s.io/";
  // Core resources that are counted under their plain name too.
  private static final Set<String> PLAIN =
      Set.of(
          "pods",
          "services",
          "persistentvolumeclaims",
          "configmaps",
          "secrets",
          "replicationcontrollers",
          "resourcequotas");
  // Compute resources whose requests are limited under their plain name too.
  private static final Set<String> COMPUTE = Set.of("cpu", "memory", "ephemeral-storage");

  private QuotaUsage() {}

  /** The usage of an object: counts, and for pods, claims and services what they ask for. */
  public static Map<String, Quantity> of(
      String group, String resource, Map<String, Object> object) {
    Map<String, Quantity> usage = new LinkedHashMap<>();
    usage.put("count/" + resource + (group.isEmpty() ? "" : "." + group), ONE);
    if (!group.isEmpty()) {
      return usage;
    }
    if (PLAIN.contains(resource) && (!resource.equals("pods") || running(object))) {
      usage.put(resource, ONE);
    }
    switch (resource) {
      case "pods" -> {
        if (running(object)) {
          compute(usage, object);
        }
      }
      case "services" -> service(usage, object);
      case "persistentvolumeclaims" -> claim(usage, object);
      default -> {}
    }
    return usage;
  }

  /** Pods that have ended use nothing but their count as objects. */
  private static boolean running(Map<String, Object> pod) {
    String phase = Trees.stringOr(pod, "", "status", "phase");
    return !phase.equals("Succeeded") && !phase.equals("Failed");
  }

  private static void compute(Map<String, Quantity> usage, Map<String, Object> pod) {
    PodResources.of(pod, "requests")
        .forEach(
            (name, amount) -> {
              usage.put("requests." + name, amount);
              if (COMPUTE.contains(name) || name.startsWith("hugepages-")) {
                usage.put(name, amount);
              }
            });
    PodResources.of(pod, "limits").forEach((name, amount) -> usage.put("limits." + name, amount));
  }

  private static void service(Map<String, Quantity> usage, Map<String, Object> service) {
    String type = Trees.stringOr(service, "ClusterIP", "spec", "type");
    int ports = Trees.list(service, "spec", "ports").size();
    boolean balanced = type.equals("LoadBalancer");
    boolean allocates =
        !Boolean.FALSE.equals(Trees.get(service, "spec", "allocateLoadBalancerNodePorts"));
    if (balanced) {
      usage.put("services.loadbalancers", ONE);
    }
    if (type.equals("NodePort") || (balanced && allocates)) {
      usage.put("services.nodeports", Quantity.of(ports, Quantity.Format.DECIMAL_SI));
    }
  }

  private static void claim(Map<String, Quantity> usage, Map<String, Object> claim) {
    Quantity size =
        Quantity.tryParse(Trees.string(claim, "spec", "resources", "requests", "storage"));
    String storageClass = Trees.stringOr(claim, "", "spec", "storageClassName");
    if (size != null) {
      usage.put("requests.storage", size);
    }
    if (!storageClass.isEmpty()) {
      usage.put(storageClass + CLASS + "persistentvolumeclaims", ONE);
      if (size != null) {
        usage.put(storageClass + CLASS + "requests.storage", size);
      }
    }
  }
}
