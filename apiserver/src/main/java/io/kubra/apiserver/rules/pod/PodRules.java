package io.kubra.apiserver.rules.pod;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.RuleContext;
import io.kubra.apiserver.rules.check.Checks;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules of pods. */
public final class PodRules implements KindRules {
  private static final Set<String> FIELDS =
      Set.of(
          "spec.nodeName",
          "spec.restartPolicy",
          "spec.schedulerName",
          "spec.serviceAccountName",
          "spec.hostNetwork",
          "status.phase",
          "status.podIP",
          "status.podIPs",
          "status.nominatedNodeName");

  @Override
  public void applyDefaults(Map<String, Object> pod) {
    PodDefaults.pod(pod);
  }

  @Override
  public void prepareForCreate(RuleContext context, Map<String, Object> pod) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("phase", "Pending");
    if (!Trees.list(pod, "spec", "schedulingGates").isEmpty()) {
      status.put("conditions", gated(context.now()));
    }
    status.put("qosClass", PodQos.of(pod));
    pod.put("status", status);
  }

  /** Conditions of a pod that the scheduler is to leave alone. */
  private static List<Object> gated(Instant now) {
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("type", "PodScheduled");
    condition.put("status", "False");
    condition.put("lastProbeTime", null);
    condition.put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    condition.put("reason", "SchedulingGated");
    condition.put("message", "Scheduling is blocked due to non-empty scheduling gates");
    return new ArrayList<>(List.of(condition));
  }

  @Override
  public void prepareForStatusUpdate(
      RuleContext context, Map<String, Object> pod, Map<String, Object> old) {
    // only deleting a pod marks it as such
    Object qos = Trees.get(old, "status", "qosClass");
    if (qos != null && Trees.map(pod, "status") != null) {
      Trees.setDefault(pod, qos, "status", "qosClass");
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> pod) {
    Checks checks = new Checks();
    Map<String, Object> spec = Trees.map(pod, "spec");
    PodSpecChecks.check(checks, FieldPath.of("spec"), spec == null ? Map.of() : spec);
    if (!Trees.list(pod, "spec", "schedulingGates").isEmpty()
        && !Trees.stringOr(pod, "", "spec", "nodeName").isEmpty()) {
      checks.forbidden(
          FieldPath.of("spec", "nodeName"),
          "cannot be set until all schedulingGates have been cleared");
    }
    return checks.errors();
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> pod, Map<String, Object> old) {
    Checks checks = new Checks();
    PodUpdateChecks.check(checks, pod, old);
    if (checks.clean()) {
      checks.addAll(validate(pod));
    }
    return checks.errors();
  }

  @Override
  public Map<String, String> selectableFields(Map<String, Object> pod) {
    Map<String, String> fields = new HashMap<>();
    for (String path :
        List.of("nodeName", "restartPolicy", "schedulerName", "serviceAccountName")) {
      fields.put("spec." + path, Trees.stringOr(pod, "", "spec", path));
    }
    fields.put("spec.hostNetwork", Boolean.toString(Trees.bool(pod, "spec", "hostNetwork")));
    for (String path : List.of("phase", "podIP", "nominatedNodeName")) {
      fields.put("status." + path, Trees.stringOr(pod, "", "status", path));
    }
    List<String> ips = new ArrayList<>();
    for (Map<String, Object> ip : Trees.maps(pod, "status", "podIPs")) {
      ips.add(Trees.stringOr(ip, "", "ip"));
    }
    fields.put("status.podIPs", String.join(",", ips));
    return fields;
  }

  @Override
  public Set<String> selectableFieldNames() {
    return FIELDS;
  }

  @Override
  public List<String> warnings(Map<String, Object> pod) {
    Map<String, Object> spec = Trees.map(pod, "spec");
    return spec == null ? List.of() : PodWarnings.of("spec", spec);
  }

  @Override
  public boolean generationTracked() {
    return true;
  }

  /** A pod that no node knows of, or that has ended, needs no time to end. */
  @Override
  public long defaultGracePeriodSeconds(Map<String, Object> pod) {
    String phase = Trees.stringOr(pod, "", "status", "phase");
    if (Trees.stringOr(pod, "", "spec", "nodeName").isEmpty()
        || phase.equals("Succeeded")
        || phase.equals("Failed")) {
      return 0;
    }
    long grace = Trees.integerOr(pod, 30, "spec", "terminationGracePeriodSeconds");
    return grace < 0 ? 1 : grace;
  }
}
