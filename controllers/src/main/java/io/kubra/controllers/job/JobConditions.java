package io.kubra.controllers.job;

import io.kubra.model.batch.v1.Job;
import io.kubra.model.batch.v1.JobCondition;
import io.kubra.model.batch.v1.JobStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions of Jobs. */
public final class JobConditions {
  static final String COMPLETE = "Complete";
  static final String FAILED = "Failed";
  static final String SUSPENDED = "Suspended";
  static final String SUCCESS_CRITERIA_MET = "SuccessCriteriaMet";
  static final String FAILURE_TARGET = "FailureTarget";

  private JobConditions() {}

  /** The condition that says how the Job ended, or null while it has not. */
  public static @Nullable JobCondition end(Job job) {
    JobCondition complete = holding(job.status(), COMPLETE);
    return complete == null ? holding(job.status(), FAILED) : complete;
  }

  static @Nullable JobCondition holding(JobStatus status, String type) {
    for (JobCondition c : status.conditions()) {
      if (c.type().equals(type) && c.status().equals("True")) {
        return c;
      }
    }
    return null;
  }

  static JobCondition of(
      String type, String status, @Nullable String reason, @Nullable String message, Instant now) {
    return JobCondition.builder()
        .type(type)
        .status(status)
        .reason(reason)
        .message(message)
        .lastProbeTime(now)
        .lastTransitionTime(now)
        .build();
  }

  /** The same cause under another type. */
  static JobCondition as(String type, JobCondition cause, Instant now) {
    return of(type, "True", cause.reason(), cause.message(), now);
  }

  /**
   * The conditions with this one in them. A condition that is False and was never there stays away,
   * one with the same status stays as it is.
   */
  static List<JobCondition> with(List<JobCondition> conditions, JobCondition wanted) {
    List<JobCondition> list = new ArrayList<>();
    boolean found = false;
    for (JobCondition c : conditions) {
      if (!c.type().equals(wanted.type())) {
        list.add(c);
        continue;
      }
      found = true;
      list.add(c.status().equals(wanted.status()) ? c : wanted);
    }
    if (!found && !wanted.status().equals("False")) {
      list.add(wanted);
    }
    return list;
  }
}
