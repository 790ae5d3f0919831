package io.kubra.apiserver.rules.pod;

import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is allowed in a pod's spec but probably not meant. */
final class PodWarnings {
  private static final Map<String, String> OLD_NODE_LABELS =
      Map.of(
          "beta.kubernetes.io/arch", "kubernetes.io/arch",
          "beta.kubernetes.io/os", "kubernetes.io/os",
          "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone",
          "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type");

  private PodWarnings() {}

  static List<String> of(String path, Map<String, Object> spec) {
    List<String> warnings = new ArrayList<>();
    Map<String, Object> selector = Trees.map(spec, "nodeSelector");
    if (selector != null) {
      for (String key : selector.keySet()) {
        String now = OLD_NODE_LABELS.get(key);
        if (now != null) {
          warnings.add(
              path
                  + ".nodeSelector["
                  + key
                  + "]: deprecated since v1.14; use \""
                  + now
                  + "\" instead");
        }
      }
    }
    for (String list : List.of("initContainers", "containers")) {
      int i = 0;
      for (Map<String, Object> container : Trees.maps(spec, list)) {
        environment(path + "." + list + "[" + i + "]", container, warnings);
        ports(path + "." + list + "[" + i + "]", container, warnings);
        i++;
      }
    }
    if (Trees.integerOr(spec, 0, "terminationGracePeriodSeconds") < 0) {
      warnings.add(
          path
              + ".terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1");
    }
    return warnings;
  }

  private static void environment(
      String path, Map<String, Object> container, List<String> warnings) {
    Set<String> names = new HashSet<>();
    int i = 0;
    for (Map<String, Object> variable : Trees.maps(container, "env")) {
      String name = Trees.stringOr(variable, "", "name");
      if (!names.add(name)) {
        warnings.add(
            path
                + ".env["
                + i
                + "]: hides previous definition of \""
                + name
                + "\", which may be dropped when using apply");
      }
      i++;
    }
  }

  private static void ports(String path, Map<String, Object> container, List<String> warnings) {
    Set<String> seen = new HashSet<>();
    int i = 0;
    for (Map<String, Object> port : Trees.maps(container, "ports")) {
      String key =
          Trees.integerOr(port, 0, "containerPort")
              + "/"
              + Trees.stringOr(port, "TCP", "protocol")
              + "/"
              + Trees.integerOr(port, 0, "hostPort");
      if (!seen.add(key)) {
        warnings.add(path + ".ports[" + i + "]: duplicate port definition with " + path + ".ports");
      }
      i++;
    }
  }
}
