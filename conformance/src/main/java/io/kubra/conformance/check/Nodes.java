package io.kubra.conformance.check;

import io.kubra.api.quantity.Quantity;
import io.kubra.api.tree.Trees;
import io.kubra.conformance.cluster.Named;
import java.util.List;
import java.util.Map;

/** What checks ask of a node object. */
public final class Nodes {
  private static final String ROLE = "node-role.kubernetes.io/";

  private Nodes() {}

  /** Whether it is part of the control plane. */
  public static boolean controlPlane(Map<String, Object> node) {
    Map<String, Object> labels = Trees.map(node, "metadata", "labels");
    return labels != null && labels.keySet().stream().anyMatch(Nodes::controlPlaneLabel);
  }

  /** Whether a label marks nodes of the control plane. */
  public static boolean controlPlaneLabel(String key) {
    return key.equals(ROLE + "control-plane") || key.equals(ROLE + "master");
  }

  /** Whether it is a worker. */
  public static boolean worker(Map<String, Object> node) {
    return !controlPlane(node);
  }

  /** Whether it has room for pods at all. */
  public static boolean runsPods(Map<String, Object> node) {
    return allocatable(node, "pods") > 0;
  }

  /** Its addresses inside the cluster. */
  public static List<String> internalAddresses(Map<String, Object> node) {
    return Trees.maps(node, "status", "addresses").stream()
        .filter(a -> "InternalIP".equals(Trees.string(a, "type")))
        .map(a -> Trees.stringOr(a, "", "address"))
        .toList();
  }

  /** Whether it is ready. */
  public static boolean ready(Map<String, Object> node) {
    return Named.condition(node, "Ready");
  }

  /** An allocatable resource in its unit, in thousandths for CPU; 0 if there is none. */
  public static long allocatable(Map<String, Object> node, String resource) {
    return amount(node, "allocatable", resource);
  }

  /** A resource of the node's capacity; as {@link #allocatable}. */
  public static long capacity(Map<String, Object> node, String resource) {
    return amount(node, "capacity", resource);
  }

  private static long amount(Map<String, Object> node, String list, String resource) {
    Quantity quantity = Quantity.tryParse(Trees.string(node, "status", list, resource));
    if (quantity == null) {
      return 0;
    }
    return resource.equals("cpu") ? quantity.milli() : quantity.value();
  }
}
