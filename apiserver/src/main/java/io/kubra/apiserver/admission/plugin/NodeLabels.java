package io.kubra.apiserver.admission.plugin;

import java.util.Set;

/** The labels of the Kubernetes domains that a node may give itself; others are free. */
final class NodeLabels {
  private static final Set<String> ALLOWED =
      Set.of(
          "kubernetes.io/hostname",
          "kubernetes.io/os",
          "kubernetes.io/arch",
          "beta.kubernetes.io/os",
          "beta.kubernetes.io/arch",
          "beta.kubernetes.io/instance-type",
          "node.kubernetes.io/instance-type",
          "failure-domain.beta.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region",
          "failure-domain.kubernetes.io/zone",
          "failure-domain.kubernetes.io/region",
          "topology.kubernetes.io/zone",
          "topology.kubernetes.io/region");

  private NodeLabels() {}

  static boolean allowed(String key) {
    int slash = key.indexOf('/');
    String domain = slash < 0 ? "" : key.substring(0, slash);
    if (!within(domain, "kubernetes.io") && !within(domain, "k8s.io")) {
      return true;
    }
    return ALLOWED.contains(key)
        || within(domain, "kubelet.kubernetes.io")
        || within(domain, "node.kubernetes.io");
  }

  private static boolean within(String domain, String parent) {
    return domain.equals(parent) || domain.endsWith("." + parent);
  }
}
