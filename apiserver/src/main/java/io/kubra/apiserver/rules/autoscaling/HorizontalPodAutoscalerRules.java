package io.kubra.apiserver.rules.autoscaling;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rules of horizontal pod autoscalers, in their newer version. */
public final class HorizontalPodAutoscalerRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final Map<String, String> SOURCES =
      Map.of(
          "ContainerResource", "containerResource",
          "External", "external",
          "Object", "object",
          "Pods", "pods",
          "Resource", "resource");

  private final boolean scaleToZero;

  /**
   * The rules.
   *
   * @param scaleToZero whether an autoscaler may go down to no replicas
   */
  public HorizontalPodAutoscalerRules(boolean scaleToZero) {
    this.scaleToZero = scaleToZero;
  }

  @Override
  public void applyDefaults(Map<String, Object> autoscaler) {
    Map<String, Object> spec = Defaults.object(autoscaler, "spec");
    Defaults.number(spec, "minReplicas", 1);
    if (Trees.list(spec, "metrics").isEmpty()) {
      spec.put("metrics", new ArrayList<>(List.of(MetricShapes.cpu(80L))));
    }
    Map<String, Object> behavior = Trees.map(spec, "behavior");
    if (behavior != null) {
      Map<String, Object> up = Defaults.object(behavior, "scaleUp");
      Defaults.number(up, "stabilizationWindowSeconds", 0);
      Defaults.text(up, "selectPolicy", "Max");
      if (Trees.list(up, "policies").isEmpty()) {
        up.put("policies", new ArrayList<>(List.of(policy("Pods", 4), policy("Percent", 100))));
      }
      Map<String, Object> down = Defaults.object(behavior, "scaleDown");
      Defaults.text(down, "selectPolicy", "Max");
      if (Trees.list(down, "policies").isEmpty()) {
        down.put("policies", new ArrayList<>(List.of(policy("Percent", 100))));
      }
    }
  }

  private static Map<String, Object> policy(String type, long value) {
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("type", type);
    policy.put("value", value);
    policy.put("periodSeconds", 15L);
    return policy;
  }

  /** Only what is measured elsewhere can tell that replicas are wanted where there are none. */
  private static boolean hasOutsideMetric(Map<String, Object> autoscaler) {
    return Trees.maps(autoscaler, "spec", "metrics").stream()
        .anyMatch(m -> "Object".equals(m.get("type")) || "External".equals(m.get("type")));
  }

  @Override
  public List<FieldError> validate(Map<String, Object> autoscaler) {
    return validate(autoscaler, scaleToZero);
  }

  /** What went to zero while the feature was on may stay so. */
  @Override
  public List<FieldError> validateUpdate(Map<String, Object> autoscaler, Map<String, Object> old) {
    return validate(autoscaler, scaleToZero || Trees.integerOr(old, 1, "spec", "minReplicas") == 0);
  }

  private static List<FieldError> validate(Map<String, Object> autoscaler, boolean zeroAllowed) {
    Checks checks = new Checks();
    Long least = Trees.integer(autoscaler, "spec", "minReplicas");
    long most = Trees.integerOr(autoscaler, 0, "spec", "maxReplicas");
    int lowest = zeroAllowed ? 0 : 1;
    if (least != null && least < lowest) {
      checks.invalid(
          SPEC.child("minReplicas"), least, "must be greater than or equal to " + lowest);
    }
    if (least != null && least == 0 && lowest == 0 && !hasOutsideMetric(autoscaler)) {
      checks.forbidden(
          SPEC.child("metrics"),
          "must specify at least one Object or External metric to support scaling to zero replicas");
    }
    if (most < 1) {
      checks.invalid(SPEC.child("maxReplicas"), most, "must be greater than 0");
    }
    if (least != null && most < least) {
      checks.invalid(
          SPEC.child("maxReplicas"), most, "must be greater than or equal to `minReplicas`");
    }
    FieldPath target = SPEC.child("scaleTargetRef");
    for (String field : List.of("kind", "name")) {
      checks.requiredName(
          target.child(field),
          Trees.string(autoscaler, "spec", "scaleTargetRef", field),
          Names::pathSegment);
    }
    int i = 0;
    for (Map<String, Object> metric : Trees.maps(autoscaler, "spec", "metrics")) {
      metric(checks, SPEC.child("metrics").index(i++), metric);
    }
    return checks.errors();
  }

  private static void metric(Checks checks, FieldPath path, Map<String, Object> metric) {
    String type = Trees.stringOr(metric, "", "type");
    if (!checks.present(path.child("type"), type, "must specify a metric source type")) {
      return;
    }
    String field = SOURCES.get(type);
    if (field == null) {
      checks.notSupported(path.child("type"), type, SOURCES.keySet().toArray(String[]::new));
      return;
    }
    Map<String, Object> source = Trees.map(metric, field);
    if (source == null) {
      checks.required(path.child(field), "must populate the given metric source");
      return;
    }
    Map<String, Object> target = Trees.map(source, "target");
    FieldPath at = path.child(field, "target");
    if (target == null) {
      checks.required(at.child("type"), "must specify a metric target type");
      return;
    }
    if (field.equals("resource") || field.equals("containerResource")) {
      checks.present(
          path.child(field, "name"), Trees.string(source, "name"), "must specify a resource name");
      if (target.get("averageUtilization") == null && target.get("averageValue") == null) {
        checks.required(
            at.child("averageUtilization"),
            "must set either a target raw value or a target utilization");
      }
      Long utilization = Trees.integer(target, "averageUtilization");
      if (utilization != null && utilization < 1) {
        checks.invalid(at.child("averageUtilization"), utilization, "must be greater than 0");
      }
    } else {
      checks.present(
          path.child(field, "metric", "name"),
          Trees.string(source, "metric", "name"),
          "must specify a metric name");
    }
  }
}
