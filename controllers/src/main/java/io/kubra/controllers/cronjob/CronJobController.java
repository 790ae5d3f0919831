package io.kubra.controllers.cronjob;

import io.kubra.api.status.ApiException;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.job.JobConditions;
import io.kubra.controllers.runtime.Claims;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Owners;
import io.kubra.model.batch.v1.CronJob;
import io.kubra.model.batch.v1.CronJobStatus;
import io.kubra.model.batch.v1.Job;
import io.kubra.model.batch.v1.JobCondition;
import io.kubra.model.batch.v1.JobSpec;
import io.kubra.model.batch.v1.JobTemplateSpec;
import io.kubra.model.core.v1.ObjectReference;
import io.kubra.model.meta.v1.DeleteOptions;
import io.kubra.model.meta.v1.ObjectMeta;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Starts the Jobs of CronJobs when they are due: the latest missed start only, within its deadline,
 * and as the concurrency policy allows. Ended Jobs beyond the history limits are deleted.
 */
public final class CronJobController implements AutoCloseable {
  private static final String ACCOUNT = "cronjob-controller";
  private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";
  private static final Duration LATE = Duration.ofMillis(100);
  private static final DeleteOptions BACKGROUND =
      DeleteOptions.builder().propagationPolicy("Background").build();

  private final SharedInformer<CronJob> cronJobs;
  private final ResourceClient<CronJob> client;
  private final ResourceClient<Job> jobClient;
  private final Claims<Job> jobs;
  private final EventRecorder events;
  private final InstantSource clock;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public CronJobController(ControllerContext context) {
    this.controller = context.controller("cronjob", 5, this::reconcile);
    this.cronJobs = context.informers().informer(CronJob.RESOURCE);
    this.client = context.client(ACCOUNT).resource(CronJob.RESOURCE);
    this.jobClient = context.client(ACCOUNT).resource(Job.RESOURCE);
    SharedInformer<Job> informer = context.informers().informer(Job.RESOURCE);
    this.jobs = new Claims<>(informer, jobClient);
    this.events = context.recorder(ACCOUNT, "cronjob-controller");
    this.clock = context.clock();
    controller.watch(cronJobs).watch(informer, job -> Owners.keysOf(job, "CronJob")).start();
  }

  private Duration reconcile(String key) {
    CronJob cronJob = cronJobs.getByKey(key);
    if (cronJob == null) {
      return Duration.ZERO;
    }
    Instant now = clock.instant();
    List<Job> children = jobs.of(cronJob);
    CronJobStatus status = observe(cronJob, children);
    Duration again = Duration.ZERO;
    try {
      if (cronJob.metadata().deletionTimestamp() == null
          && !Boolean.TRUE.equals(cronJob.spec().suspend())) {
        Schedule schedule = schedule(cronJob);
        if (schedule != null) {
          status = start(cronJob, status, schedule, now);
          Instant next = schedule.next(now);
          again = next == null ? Duration.ZERO : Duration.between(now, next).plus(LATE);
        }
      }
    } finally {
      if (!status.equals(cronJob.status())) {
        client.updateStatus(cronJob.withStatus(status));
      }
    }
    discard(cronJob, children, "Complete", cronJob.spec().successfulJobsHistoryLimit());
    discard(cronJob, children, "Failed", cronJob.spec().failedJobsHistoryLimit());
    return again;
  }

  /** Brings the list of active Jobs up to date. */
  private CronJobStatus observe(CronJob cronJob, List<Job> children) {
    List<ObjectReference> active = new ArrayList<>(cronJob.status().active());
    Instant success = cronJob.status().lastSuccessfulTime();
    for (Job job : children) {
      boolean known = active.stream().anyMatch(r -> job.metadata().uid().equals(r.uid()));
      JobCondition end = JobConditions.end(job);
      if (!known && end == null) {
        // A start whose record in the status was lost.
        active.add(EventRecorder.reference(job));
      } else if (known && end != null) {
        active.removeIf(r -> job.metadata().uid().equals(r.uid()));
        events.normal(
            cronJob,
            "SawCompletedJob",
            "Saw completed job: %s, condition: %s".formatted(job.metadata().name(), end.type()));
      }
      Instant completion = job.status().completionTime();
      if (completion != null && (success == null || completion.isAfter(success))) {
        success = completion;
      }
    }
    for (ObjectReference reference : cronJob.status().active()) {
      boolean there = children.stream().anyMatch(j -> j.metadata().uid().equals(reference.uid()));
      if (!there && gone(cronJob, reference)) {
        active.removeIf(r -> Objects.equals(r.uid(), reference.uid()));
        events.normal(cronJob, "MissingJob", "Active job went missing: " + reference.name());
      }
    }
    return cronJob.status().toBuilder().active(active).lastSuccessfulTime(success).build();
  }

  private boolean gone(CronJob cronJob, ObjectReference reference) {
    return jobClient
        .find(cronJob.metadata().namespace(), String.valueOf(reference.name()))
        .filter(j -> j.metadata().uid().equals(reference.uid()))
        .isEmpty();
  }

  private @Nullable Schedule schedule(CronJob cronJob) {
    String zone = cronJob.spec().timeZone();
    try {
      ZoneId id = zone == null ? ZoneOffset.UTC : ZoneId.of(zone);
      return Schedule.parse(cronJob.spec().schedule(), id);
    } catch (DateTimeException e) {
      events.warning(
          cronJob,
          "UnknownTimeZone",
          "invalid timeZone: \"%s\": %s".formatted(zone, e.getMessage()));
    } catch (IllegalArgumentException e) {
      events.warning(
          cronJob,
          "UnparseableSchedule",
          "unparseable schedule: \"%s\" : %s".formatted(cronJob.spec().schedule(), e.getMessage()));
    }
    return null;
  }

  private CronJobStatus start(
      CronJob cronJob, CronJobStatus status, Schedule schedule, Instant now) {
    Instant due = due(cronJob, schedule, now);
    if (due == null || due.equals(status.lastScheduleTime())) {
      return status;
    }
    Long deadline = cronJob.spec().startingDeadlineSeconds();
    if (deadline != null && due.plusSeconds(deadline).isBefore(now)) {
      events.warning(
          cronJob,
          "MissSchedule",
          "Missed scheduled time to start a job: "
              + DateTimeFormatter.RFC_1123_DATE_TIME.format(due.atOffset(ZoneOffset.UTC)));
      return status;
    }
    List<ObjectReference> active = new ArrayList<>(status.active());
    String policy = Objects.requireNonNullElse(cronJob.spec().concurrencyPolicy(), "Allow");
    if (policy.equals("Forbid") && !active.isEmpty()) {
      events.normal(
          cronJob,
          "JobAlreadyActive",
          "Not starting job because prior execution is running and concurrency policy is Forbid");
      return status;
    }
    if (policy.equals("Replace")) {
      for (ObjectReference running : active) {
        delete(cronJob, String.valueOf(running.name()));
      }
      active.clear();
    }
    Job created = create(cronJob, due);
    if (created != null) {
      active.removeIf(r -> created.metadata().uid().equals(r.uid()));
      active.add(EventRecorder.reference(created));
    }
    return status.toBuilder().active(active).lastScheduleTime(due).build();
  }

  /** The latest start that is due and has not been made, or null. */
  private @Nullable Instant due(CronJob cronJob, Schedule schedule, Instant now) {
    Instant earliest =
        Objects.requireNonNullElse(
            cronJob.status().lastScheduleTime(),
            Objects.requireNonNullElse(cronJob.metadata().creationTimestamp(), now));
    Long deadline = cronJob.spec().startingDeadlineSeconds();
    if (deadline != null && now.minusSeconds(deadline).isAfter(earliest)) {
      earliest = now.minusSeconds(deadline);
    }
    Instant latest = null;
    int missed = 0;
    for (Instant next = schedule.next(earliest);
        next != null && !next.isAfter(now);
        next = schedule.next(next)) {
      latest = next;
      missed++;
    }
    if (missed > 100) {
      events.warning(
          cronJob,
          "TooManyMissedTimes",
          "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check"
              + " clock skew");
    }
    return latest;
  }

  private @Nullable Job create(CronJob cronJob, Instant due) {
    Job wanted = job(cronJob, due);
    try {
      Job created = jobClient.create(wanted);
      events.normal(cronJob, "SuccessfulCreate", "Created job " + created.metadata().name());
      return created;
    } catch (ApiException e) {
      if (e.code() == 409) {
        Job found =
            jobClient.find(wanted.metadata().namespace(), wanted.metadata().name()).orElse(null);
        if (found != null && Owners.controls(cronJob, found)) {
          return JobConditions.end(found) == null ? found : null;
        }
      }
      boolean ending =
          e.code() == 403 && String.valueOf(e.getMessage()).contains("being terminated");
      if (!ending) {
        events.warning(cronJob, "FailedCreate", "Error creating job: " + e.getMessage());
      }
      throw e;
    }
  }

  private static Job job(CronJob cronJob, Instant due) {
    JobTemplateSpec template = cronJob.spec().jobTemplate();
    ObjectMeta given = template == null ? ObjectMeta.empty() : template.metadata();
    String zone = cronJob.spec().timeZone();
    ZoneId id = zone == null ? ZoneOffset.UTC : ZoneId.of(zone);
    Map<String, String> annotations = new LinkedHashMap<>(given.annotations());
    annotations.put(SCHEDULED, DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(due.atZone(id)));
    return Job.builder()
        .metadata(
            ObjectMeta.builder()
                .name(cronJob.metadata().name() + "-" + due.getEpochSecond() / 60)
                .namespace(cronJob.metadata().namespace())
                .labels(given.labels())
                .annotations(annotations)
                .ownerReferences(List.of(Owners.controllerReference(cronJob)))
                .build())
        .spec(template == null ? JobSpec.empty() : template.spec())
        .build();
  }

  private void discard(CronJob cronJob, List<Job> children, String type, @Nullable Integer limit) {
    if (limit == null) {
      return;
    }
    List<Job> ended =
        children.stream()
            .filter(j -> j.metadata().deletionTimestamp() == null)
            .filter(
                j -> {
                  JobCondition end = JobConditions.end(j);
                  return end != null && end.type().equals(type);
                })
            .sorted(
                java.util.Comparator.comparing(
                        (Job j) ->
                            Objects.requireNonNullElse(j.status().startTime(), Instant.EPOCH))
                    .thenComparing(j -> j.metadata().name()))
            .toList();
    for (Job old : ended.subList(0, Math.max(0, ended.size() - limit))) {
      delete(cronJob, old.metadata().name());
    }
  }

  private void delete(CronJob cronJob, String name) {
    try {
      jobClient.delete(cronJob.metadata().namespace(), name, BACKGROUND);
      events.normal(cronJob, "SuccessfulDelete", "Deleted job " + name);
    } catch (ApiException e) {
      if (e.code() != 404) {
        events.warning(cronJob, "FailedDelete", "Deleted job: " + e.getMessage());
        throw e;
      }
    }
  }

  @Override
  public void close() {
    controller.close();
  }
}
