package io.kubra.apiserver.rules.batch;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/** Rules of cron jobs. */
public final class CronJobRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");

  @Override
  public void applyDefaults(Map<String, Object> cronJob) {
    Map<String, Object> spec = Defaults.object(cronJob, "spec");
    Defaults.text(spec, "concurrencyPolicy", "Allow");
    Defaults.flag(spec, "suspend", false);
    Defaults.number(spec, "successfulJobsHistoryLimit", 3);
    Defaults.number(spec, "failedJobsHistoryLimit", 1);
    Map<String, Object> job = Trees.map(spec, "jobTemplate", "spec");
    if (job != null) {
      CronJobTemplate.defaults(job);
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> cronJob) {
    Checks checks = new Checks();
    String name = Trees.stringOr(cronJob, "", "metadata", "name");
    if (name.length() > 52) {
      checks.invalid(FieldPath.of("metadata", "name"), name, "must be no more than 52 characters");
    }
    String schedule = Trees.stringOr(cronJob, "", "spec", "schedule");
    if (schedule.isEmpty()) {
      checks.required(SPEC.child("schedule"), "");
    } else {
      String problem = CronSchedule.problem(schedule);
      if (!problem.isEmpty()) {
        checks.invalid(SPEC.child("schedule"), schedule, problem);
      }
    }
    timeZone(checks, Trees.string(cronJob, "spec", "timeZone"));
    for (String field :
        List.of(
            "startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")) {
      checks.notNegative(SPEC.child(field), Trees.integer(cronJob, "spec", field));
    }
    checks.oneOf(
        SPEC.child("concurrencyPolicy"),
        Trees.string(cronJob, "spec", "concurrencyPolicy"),
        "Allow",
        "Forbid",
        "Replace");
    Map<String, Object> job = Trees.map(cronJob, "spec", "jobTemplate", "spec");
    JobChecks.spec(checks, SPEC.child("jobTemplate", "spec"), job == null ? Map.of() : job);
    return checks.errors();
  }

  private static void timeZone(Checks checks, @org.jspecify.annotations.Nullable String zone) {
    if (zone == null) {
      return;
    }
    FieldPath at = SPEC.child("timeZone");
    if (zone.isEmpty()) {
      checks.invalid(at, zone, "timeZone must be nil or non-empty string");
    } else if (zone.equalsIgnoreCase("Local")) {
      checks.invalid(
          at,
          zone,
          "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
    } else {
      try {
        ZoneId.of(zone);
      } catch (DateTimeException e) {
        checks.invalid(at, zone, "unknown time zone " + zone);
      }
    }
  }

  @Override
  public boolean generationTracked() {
    return true;
  }
}
