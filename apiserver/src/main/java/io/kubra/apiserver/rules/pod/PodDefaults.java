package io.kubra.apiserver.rules.pod;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.check.Defaults;
import java.util.List;
import java.util.Map;

/** Defaults of pods and pod templates. */
public final class PodDefaults {
  private PodDefaults() {}

  /** Defaults of a pod. */
  static void pod(Map<String, Object> pod) {
    Map<String, Object> spec = Defaults.object(pod, "spec");
    spec(spec);
    Defaults.flag(spec, "enableServiceLinks", true);
    boolean hostNetwork = Trees.bool(spec, "hostNetwork");
    for (String list : List.of("containers", "initContainers")) {
      for (Map<String, Object> container : Trees.maps(spec, list)) {
        requestsFromLimits(container);
        if (hostNetwork) {
          hostPorts(container);
        }
      }
    }
    requestsFromLimits(spec);
  }

  /** Defaults of the template in {@code spec.template}. */
  public static void template(Map<String, Object> object) {
    Map<String, Object> template = Trees.map(object, "spec", "template");
    if (template != null) {
      spec(Defaults.object(template, "spec"));
    }
  }

  /** Defaults of a pod's spec, alone or in a template. */
  public static void spec(Map<String, Object> spec) {
    for (Map<String, Object> volume : Trees.maps(spec, "volumes")) {
      VolumeDefaults.apply(volume);
    }
    for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
      for (Map<String, Object> container : Trees.maps(spec, list)) {
        ContainerDefaults.apply(container);
      }
    }
    Defaults.text(spec, "restartPolicy", "Always");
    Defaults.number(spec, "terminationGracePeriodSeconds", 30);
    Defaults.text(spec, "dnsPolicy", "ClusterFirst");
    serviceAccount(spec);
    Defaults.object(spec, "securityContext");
    Defaults.text(spec, "schedulerName", "default-scheduler");
  }

  /** {@code serviceAccount} is the old name of {@code serviceAccountName}; both always agree. */
  private static void serviceAccount(Map<String, Object> spec) {
    String name = Trees.stringOr(spec, "", "serviceAccountName");
    if (name.isEmpty()) {
      name = Trees.stringOr(spec, "", "serviceAccount");
    }
    if (!name.isEmpty()) {
      spec.put("serviceAccountName", name);
      spec.put("serviceAccount", name);
    }
  }

  private static void requestsFromLimits(Map<String, Object> container) {
    Map<String, Object> limits = Trees.map(container, "resources", "limits");
    if (limits == null || limits.isEmpty()) {
      return;
    }
    Map<String, Object> requests =
        Defaults.object(Defaults.object(container, "resources"), "requests");
    limits.forEach(requests::putIfAbsent);
  }

  private static void hostPorts(Map<String, Object> container) {
    for (Map<String, Object> port : Trees.maps(container, "ports")) {
      Long number = Trees.integer(port, "containerPort");
      if (number != null) {
        Defaults.positive(port, "hostPort", number);
      }
    }
  }
}
