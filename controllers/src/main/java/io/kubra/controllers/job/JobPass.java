package io.kubra.controllers.job;

import io.kubra.api.status.ApiException;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.controllers.runtime.DeletionOrder;
import io.kubra.controllers.runtime.PodControl;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.batch.v1.Job;
import io.kubra.model.batch.v1.JobCondition;
import io.kubra.model.batch.v1.JobStatus;
import io.kubra.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Brings one Job forward by one step: pods are created or deleted, ended ones are counted, the
 * status is written. Used once.
 */
final class JobPass {
  /** What every pass works with. */
  record Parts(
      ResourceClient<Job> jobs,
      PodControl control,
      Tracking tracking,
      Backoff backoff,
      EventRecorder events) {}

  private static final Duration NOT_SOON = Duration.ofDays(30);

  private final Parts parts;
  private final JobSync look;
  private final Instant now;
  private final String key;
  private final Backoff.Failures failures;
  private Job job;
  private JobStatus status;
  private @Nullable JobCondition end;
  private @Nullable ApiException failure;
  private int active;
  private int ready;
  private int terminating;
  private Duration again;

  JobPass(Parts parts, JobSync look) {
    this.parts = parts;
    this.look = look;
    this.now = look.now;
    this.job = look.job;
    this.key = job.key();
    this.status = job.status();
    this.failures = parts.backoff().of(key).and(look.newlySucceeded, look.newlyFailed);
    this.active = look.active.size();
    this.ready = (int) look.active.stream().filter(Pods::ready).count();
    this.terminating = look.terminating();
    this.again = look.untilDeadline();
  }

  /**
   * Does the step.
   *
   * @param settled whether the cache shows all that earlier passes did
   * @return when to look again, or zero
   */
  Duration run(boolean settled) throws InterruptedException {
    end = look.end();
    if (end != null) {
      terminate(settled);
    } else {
      boolean managed = settled && job.metadata().deletionTimestamp() == null;
      if (managed) {
        manage();
      }
      if (look.complete(active)) {
        end =
            JobConditions.of(
                JobConditions.SUCCESS_CRITERIA_MET,
                "True",
                "CompletionsReached",
                "Reached expected number of succeeded pods",
                now);
      } else if (managed) {
        suspension();
      }
    }
    new JobAccount(parts, look, job, this::remember)
        .settle(
            status.toBuilder()
                .active(active == 0 ? null : active)
                .ready(ready)
                .terminating(terminating)
                .build(),
            end,
            terminating > 0);
    if (failure != null) {
      throw failure;
    }
    return again.compareTo(NOT_SOON) > 0 ? Duration.ZERO : again;
  }

  private void remember() {
    if (!JobPods.perIndex(job)) {
      parts.backoff().remember(key, failures);
    }
  }

  /** Deletes what still runs of a Job that is at its end. */
  private void terminate(boolean settled) throws InterruptedException {
    PodControl.Outcome outcome = parts.control().delete(job, look.active);
    if (outcome.done() != active || !settled) {
      // Pods may be left, or not be in the cache yet.
      end = null;
    }
    gone(outcome);
  }

  private void gone(PodControl.Outcome outcome) {
    active -= outcome.done();
    terminating += outcome.done();
    ready = Math.min(ready, active);
    failure = outcome.failure();
  }

  private void manage() throws InterruptedException {
    if (JobPods.suspended(job)) {
      remove(surplus(active));
      return;
    }
    List<Pod> surplus = surplus(Math.max(0, active - look.wantedActive()));
    if (!surplus.isEmpty()) {
      remove(surplus.subList(0, Math.min(surplus.size(), PodControl.BURST)));
      return;
    }
    int going = JobPods.replacesOnlyFailed(job) ? terminating : 0;
    int missing = Math.min(look.wantedActive() - going - active, PodControl.BURST);
    if (missing > 0) {
      add(missing);
    }
  }

  /** Pods that are deleted before they have ended do not count: they lose their finalizer first. */
  private void remove(List<Pod> victims) throws InterruptedException {
    gone(parts.control().delete(job, victims, parts.tracking()::release));
  }

  /** At least so many pods to delete: all but one of each index first, then the least useful. */
  private List<Pod> surplus(int least) {
    List<Pod> victims = new ArrayList<>();
    List<Pod> kept = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    List<Pod> ordered = DeletionOrder.byState(look.active, now);
    for (Pod pod : ordered.reversed()) {
      boolean wanted =
          !JobPods.indexed(job) || (JobPods.inRange(pod, job) && seen.add(JobPods.index(pod)));
      (wanted ? kept : victims).add(pod);
    }
    for (Pod pod : kept.reversed()) {
      if (victims.size() < least) {
        victims.add(pod);
      }
    }
    return victims;
  }

  private void add(int missing) throws InterruptedException {
    List<Pod> wanted = new ArrayList<>();
    if (JobPods.perIndex(job)) {
      for (int index : look.pendingIndexes(missing)) {
        Pod replaced = look.replaceable.get(index);
        Duration wait =
            replaced == null
                ? Duration.ZERO
                : Backoff.remaining(
                    JobSync.attempts(replaced) + 1, JobPods.finishedAt(replaced), now);
        if (wait.isZero()) {
          wanted.add(JobTemplate.pod(job, index, replaced));
        } else {
          sooner(wait);
        }
      }
    } else {
      Duration wait = failures.remaining(now);
      if (wait.isPositive()) {
        sooner(wait);
        return;
      }
      if (JobPods.indexed(job)) {
        look.pendingIndexes(missing).forEach(i -> wanted.add(JobTemplate.pod(job, i, null)));
      } else {
        Stream.generate(() -> JobTemplate.pod(job)).limit(missing).forEach(wanted::add);
      }
    }
    PodControl.Outcome outcome = parts.control().create(job, wanted);
    active += outcome.done();
    failure = outcome.failure();
  }

  private void sooner(Duration wait) {
    again = wait.compareTo(again) < 0 ? wait : again;
  }

  private void suspension() {
    boolean suspended = JobPods.suspended(job);
    List<JobCondition> conditions =
        JobConditions.with(
            status.conditions(),
            JobConditions.of(
                JobConditions.SUSPENDED,
                suspended ? "True" : "False",
                suspended ? "JobSuspended" : "JobResumed",
                suspended ? "Job suspended" : "Job resumed",
                now));
    if (conditions.equals(status.conditions())) {
      return;
    }
    status = status.toBuilder().conditions(conditions).build();
    if (suspended) {
      parts.events().normal(job, "Suspended", "Job suspended");
    } else {
      parts.events().normal(job, "Resumed", "Job resumed");
      // The deadline does not run while the Job is suspended.
      status = status.toBuilder().startTime(now).build();
    }
  }
}
