package io.kubra.apiserver.rules.pod;

import io.kubra.api.selector.LabelSelector;
import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Labels;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks of pod templates and of the selectors that have to match them. */
public final class PodTemplates {
  private PodTemplates() {}

  /** Checks a template: its metadata and its pods' spec. */
  public static void check(Checks checks, FieldPath path, @Nullable Map<String, Object> template) {
    Map<String, Object> given = template == null ? Map.of() : template;
    Labels.labels(checks, path.child("labels"), Trees.map(given, "metadata", "labels"));
    Labels.annotations(
        checks, path.child("annotations"), Trees.map(given, "metadata", "annotations"));
    Map<String, Object> spec = Trees.map(given, "spec");
    PodSpecChecks.check(checks, path.child("spec"), spec == null ? Map.of() : spec);
    if (!Trees.list(given, "spec", "ephemeralContainers").isEmpty()) {
      checks.forbidden(
          path.child("spec", "ephemeralContainers"),
          "ephemeral containers not allowed in pod template");
    }
  }

  /**
   * Checks selector and template of a workload whose pods run for ever.
   *
   * @param kind how the workload is called in messages, such as deployment
   */
  public static void workload(Checks checks, Map<String, Object> object, String kind) {
    FieldPath spec = FieldPath.of("spec");
    Map<String, Object> selector = Trees.map(object, "spec", "selector");
    if (selector == null) {
      checks.required(spec.child("selector"), "");
    } else {
      Labels.selector(checks, spec.child("selector"), selector);
      if (Labels.isEmpty(selector)) {
        checks.invalid(spec.child("selector"), selector, "empty selector is invalid for " + kind);
      }
    }
    Map<String, Object> template = Trees.map(object, "spec", "template");
    if (template == null) {
      checks.required(spec.child("template"), "");
      return;
    }
    if (selector != null && !Labels.isEmpty(selector)) {
      matching(checks, spec.child("template", "metadata", "labels"), selector, template);
    }
    check(checks, spec.child("template"), template);
    alwaysRestarted(checks, spec.child("template", "spec"), template, kind);
  }

  private static void matching(
      Checks checks, FieldPath path, Map<String, Object> selector, Map<String, Object> template) {
    Map<String, Object> labels = Trees.map(template, "metadata", "labels");
    try {
      if (!LabelSelector.fromTree(selector).matches(labels)) {
        checks.invalid(
            path,
            labels == null ? Map.of() : labels,
            "`selector` does not match template `labels`");
      }
    } catch (ApiException malformed) {
      // said already by the check of the selector
    }
  }

  /** Refuses pods that end, as their replacement would never end either. */
  static void alwaysRestarted(
      Checks checks, FieldPath path, Map<String, Object> template, String kind) {
    String policy = Trees.stringOr(template, "Always", "spec", "restartPolicy");
    if (List.of("OnFailure", "Never").contains(policy)) {
      checks.notSupported(path.child("restartPolicy"), policy, "Always");
    }
    if (Trees.get(template, "spec", "activeDeadlineSeconds") != null) {
      String name =
          switch (kind) {
            case "deployment", "replicaset" -> "ReplicaSet";
            case "daemonset" -> "DaemonSet";
            case "statefulset" -> "StatefulSet";
            default -> "ReplicationController";
          };
      checks.forbidden(
          path.child("activeDeadlineSeconds"),
          "activeDeadlineSeconds in " + name + " is not Supported");
    }
  }

  /** Warnings about a template. */
  public static List<String> warnings(Map<String, Object> object) {
    Map<String, Object> spec = Trees.map(object, "spec", "template", "spec");
    return spec == null ? List.of() : PodWarnings.of("spec.template.spec", spec);
  }
}
