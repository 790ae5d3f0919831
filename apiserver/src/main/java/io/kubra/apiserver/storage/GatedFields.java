package io.kubra.apiserver.storage;

import io.kubra.api.feature.FeatureGates;
import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fields of features that are switched off: they are dropped from what is written, unless the
 * object had them before, as upstream does. So nothing behind the API needs to know of the gate.
 */
public final class GatedFields {
  /** Where pods are described, below objects of these resources. */
  private static final Map<String, String> POD_SPECS =
      Map.of(
          "/pods", "spec",
          "/podtemplates", "template.spec",
          "/replicationcontrollers", "spec.template.spec",
          "apps/deployments", "spec.template.spec",
          "apps/replicasets", "spec.template.spec",
          "apps/statefulsets", "spec.template.spec",
          "apps/daemonsets", "spec.template.spec",
          "batch/jobs", "spec.template.spec",
          "batch/cronjobs", "spec.jobTemplate.spec.template.spec");

  private static final List<String> CONTAINERS =
      List.of("containers", "initContainers", "ephemeralContainers");

  private final Map<GroupResource, List<String[]>> dropped = new HashMap<>();

  /** The fields whose gates are off. */
  public GatedFields(FeatureGates gates) {
    if (!gates.enabled("MaxUnavailableStatefulSet")) {
      drop("apps", "statefulsets", "spec.updateStrategy.rollingUpdate.maxUnavailable");
    }
    if (!gates.enabled("HPAConfigurableTolerance")) {
      drop("autoscaling", "horizontalpodautoscalers", "spec.behavior.scaleUp.tolerance");
      drop("autoscaling", "horizontalpodautoscalers", "spec.behavior.scaleDown.tolerance");
    }
    if (!gates.enabled("DeploymentReplicaSetTerminatingReplicas")) {
      drop("apps", "deployments", "status.terminatingReplicas");
      drop("apps", "replicasets", "status.terminatingReplicas");
    }
    POD_SPECS.forEach(
        (resource, spec) -> {
          int slash = resource.indexOf('/');
          String group = resource.substring(0, slash);
          String plural = resource.substring(slash + 1);
          if (!gates.enabled("HostnameOverride")) {
            drop(group, plural, spec + ".hostnameOverride");
          }
          if (!gates.enabled("ContainerStopSignals")) {
            for (String containers : CONTAINERS) {
              drop(group, plural, spec + "." + containers + "[].lifecycle.stopSignal");
            }
          }
        });
  }

  private void drop(String group, String resource, String path) {
    dropped
        .computeIfAbsent(new GroupResource(group, resource), r -> new ArrayList<>())
        .add(path.split("\\."));
  }

  /**
   * Takes the fields out of an object that is to be written.
   *
   * @param old what it replaces; null if it is new
   */
  void dropFrom(
      GroupResource resource, Map<String, Object> object, @Nullable Map<String, Object> old) {
    for (String[] path : dropped.getOrDefault(resource, List.of())) {
      if (old == null || !has(old, path, 0)) {
        remove(object, path, 0);
      }
    }
  }

  private static boolean has(Map<String, Object> object, String[] path, int at) {
    if (at == path.length - 1) {
      return object.containsKey(path[at]);
    }
    for (Map<String, Object> child : children(object, path[at])) {
      if (has(child, path, at + 1)) {
        return true;
      }
    }
    return false;
  }

  private static void remove(Map<String, Object> object, String[] path, int at) {
    if (at == path.length - 1) {
      object.remove(path[at]);
      return;
    }
    for (Map<String, Object> child : children(object, path[at])) {
      remove(child, path, at + 1);
    }
  }

  private static List<Map<String, Object>> children(Map<String, Object> object, String step) {
    if (step.endsWith("[]")) {
      return Trees.maps(object, step.substring(0, step.length() - 2));
    }
    Map<String, Object> child = Trees.map(object, step);
    return child == null ? List.of() : List.of(child);
  }
}
