package io.kubra.apiserver.rules.batch;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.check.Defaults;
import io.kubra.apiserver.rules.pod.PodDefaults;
import java.util.Map;

/** The job in a cron job: the job's own defaults come when it is created. */
final class CronJobTemplate {
  private CronJobTemplate() {}

  static void defaults(Map<String, Object> job) {
    Defaults.text(job, "completionMode", "NonIndexed");
    Map<String, Object> template = Trees.map(job, "template");
    if (template != null) {
      PodDefaults.spec(Defaults.object(template, "spec"));
    }
  }
}
