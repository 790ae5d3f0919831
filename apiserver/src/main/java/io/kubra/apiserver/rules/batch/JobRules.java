package io.kubra.apiserver.rules.batch;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.RuleContext;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import io.kubra.apiserver.rules.check.Labels;
import io.kubra.apiserver.rules.pod.PodTemplates;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules of jobs. Unless told otherwise a job selects its pods by its own uid. */
public final class JobRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");

  @Override
  public void applyDefaults(Map<String, Object> job) {
    JobDefaults.apply(Defaults.object(job, "spec"));
    Map<String, Object> labels = Trees.map(job, "metadata", "labels");
    Map<String, Object> own = Trees.map(job, "spec", "template", "metadata", "labels");
    if ((labels == null || labels.isEmpty()) && own != null && !own.isEmpty()) {
      Trees.set(job, Trees.deepCopy(own), "metadata", "labels");
    }
  }

  @Override
  public void prepareForCreate(RuleContext context, Map<String, Object> job) {
    job.put("status", new java.util.LinkedHashMap<>());
    if (Trees.bool(job, "spec", "manualSelector")) {
      return;
    }
    String uid = Trees.stringOr(job, "", "metadata", "uid");
    String name = Trees.stringOr(job, "", "metadata", "name");
    Map<String, Object> labels = Trees.ensureMap(job, "spec", "template", "metadata", "labels");
    labels.putIfAbsent("controller-uid", uid);
    labels.putIfAbsent("batch.kubernetes.io/controller-uid", uid);
    labels.putIfAbsent("job-name", name);
    labels.putIfAbsent("batch.kubernetes.io/job-name", name);
    if (Trees.map(job, "spec", "selector") == null) {
      Trees.set(job, uid, "spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid");
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> job) {
    Checks checks = new Checks();
    Map<String, Object> spec = Trees.map(job, "spec");
    JobChecks.spec(checks, SPEC, spec == null ? Map.of() : spec);
    Map<String, Object> selector = Trees.map(job, "spec", "selector");
    if (selector == null) {
      checks.required(SPEC.child("selector"), "");
    } else {
      Labels.selector(checks, SPEC.child("selector"), selector);
    }
    if (!Trees.bool(job, "spec", "manualSelector")) {
      String uid = Trees.stringOr(job, "", "metadata", "uid");
      String label =
          Trees.stringOr(
              job,
              "",
              "spec",
              "template",
              "metadata",
              "labels",
              "batch.kubernetes.io/controller-uid");
      if (!uid.equals(label)) {
        checks.invalid(
            FieldPath.of("spec", "template", "metadata", "labels"),
            Trees.map(job, "spec", "template", "metadata", "labels"),
            "must be '" + uid + "'");
      }
    }
    return checks.errors();
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> job, Map<String, Object> old) {
    Checks checks = new Checks();
    checks.addAll(validate(job));
    for (String field :
        List.of(
            "selector",
            "completionMode",
            "podFailurePolicy",
            "backoffLimitPerIndex",
            "managedBy",
            "successPolicy")) {
      checks.immutable(
          SPEC.child(field), Trees.get(job, "spec", field), Trees.get(old, "spec", field));
    }
    if (!"Indexed".equals(Trees.string(job, "spec", "completionMode"))) {
      checks.immutable(
          SPEC.child("completions"),
          Trees.get(job, "spec", "completions"),
          Trees.get(old, "spec", "completions"));
    }
    boolean fresh =
        Trees.bool(old, "spec", "suspend") && Trees.get(old, "status", "startTime") == null;
    if (!fresh) {
      checks.immutable(
          SPEC.child("template"),
          Trees.get(job, "spec", "template"),
          Trees.get(old, "spec", "template"));
    }
    return checks.errors();
  }

  @Override
  public boolean generationTracked() {
    return true;
  }

  @Override
  public Map<String, String> selectableFields(Map<String, Object> job) {
    return Map.of(
        "status.successful", Long.toString(Trees.integerOr(job, 0, "status", "succeeded")));
  }

  @Override
  public Set<String> selectableFieldNames() {
    return Set.of("status.successful");
  }

  @Override
  public List<String> warnings(Map<String, Object> job) {
    return PodTemplates.warnings(job);
  }
}
