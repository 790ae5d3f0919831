package io.kubra.apiserver.rules.batch;

import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.pod.PodTemplates;
import java.util.List;
import java.util.Map;

/** Checks of a job's spec, alone or in a cron job. */
final class JobChecks {
  private JobChecks() {}

  static void spec(Checks checks, FieldPath path, Map<String, Object> spec) {
    for (String field :
        List.of(
            "parallelism",
            "completions",
            "activeDeadlineSeconds",
            "backoffLimit",
            "ttlSecondsAfterFinished",
            "backoffLimitPerIndex",
            "maxFailedIndexes")) {
      checks.notNegative(path.child(field), Trees.integer(spec, field));
    }
    String mode = Trees.stringOr(spec, "", "completionMode");
    checks.oneOf(path.child("completionMode"), mode, "Indexed", "NonIndexed");
    if (mode.equals("Indexed")) {
      if (spec.get("completions") == null) {
        checks.required(path.child("completions"), "when completion mode is Indexed");
      }
      Long parallel = Trees.integer(spec, "parallelism");
      if (parallel != null && parallel > 100000) {
        checks.invalid(
            path.child("parallelism"),
            parallel,
            "must be less than or equal to 100000 when completion mode is Indexed");
      }
    }
    checks.oneOfOrAbsent(
        path.child("podReplacementPolicy"),
        Trees.string(spec, "podReplacementPolicy"),
        "Failed",
        "TerminatingOrFailed");
    Map<String, Object> template = Trees.map(spec, "template");
    PodTemplates.check(checks, path.child("template"), template);
    String restart = Trees.stringOr(template, "Always", "spec", "restartPolicy");
    FieldPath at = path.child("template", "spec", "restartPolicy");
    if (restart.equals("Always")) {
      checks.required(at, "valid values: \"OnFailure\", \"Never\"");
    } else if (Trees.map(spec, "podFailurePolicy") != null && !restart.equals("Never")) {
      checks.invalid(at, restart, "only \"Never\" is supported when podFailurePolicy is specified");
    }
  }
}
