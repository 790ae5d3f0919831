package io.kubra.apiserver.rules.batch;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.check.Defaults;
import io.kubra.apiserver.rules.pod.PodDefaults;
import java.util.Map;

/** Defaults of a job's spec, alone or in a cron job. */
final class JobDefaults {
  private JobDefaults() {}

  static void apply(Map<String, Object> spec) {
    if (spec.get("completions") == null && spec.get("parallelism") == null) {
      spec.put("completions", 1L);
      spec.put("parallelism", 1L);
    }
    Defaults.number(spec, "parallelism", 1);
    if (spec.get("backoffLimit") == null) {
      spec.put(
          "backoffLimit", spec.get("backoffLimitPerIndex") != null ? (long) Integer.MAX_VALUE : 6L);
    }
    Defaults.text(spec, "completionMode", "NonIndexed");
    Defaults.flag(spec, "suspend", false);
    Map<String, Object> policy = Trees.map(spec, "podFailurePolicy");
    for (Map<String, Object> rule : Trees.maps(policy, "rules")) {
      for (Map<String, Object> pattern : Trees.maps(rule, "onPodConditions")) {
        Defaults.text(pattern, "status", "True");
      }
    }
    Defaults.text(spec, "podReplacementPolicy", policy == null ? "TerminatingOrFailed" : "Failed");
    Defaults.flag(spec, "manualSelector", false);
    Map<String, Object> template = Trees.map(spec, "template");
    if (template != null) {
      PodDefaults.spec(Defaults.object(template, "spec"));
    }
  }
}
