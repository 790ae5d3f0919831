package io.kubra.controllers.job;

import static io.kubra.controllers.job.JobSync.number;

import io.kubra.controllers.job.JobPass.Parts;
import io.kubra.model.batch.v1.Job;
import io.kubra.model.batch.v1.JobCondition;
import io.kubra.model.batch.v1.JobStatus;
import io.kubra.model.batch.v1.UncountedTerminatedPods;
import io.kubra.model.core.v1.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts the pods of a Job that have ended, each exactly once whatever crashes in between: first
 * the status names the pods to be counted, then they lose their finalizer, then the counters rise
 * and the names go.
 */
final class JobAccount {
  private static final int MOST_UNCOUNTED = 500;

  private final Parts parts;
  private final JobSync look;
  private final Runnable written;
  private final Instant now;
  private final List<Pod> releasable = new ArrayList<>();
  private final List<String> succeeded = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private final List<Integer> indexes = new ArrayList<>();
  private Job job;
  private boolean full;

  /**
   * An account.
   *
   * @param written told once the newly ended pods are in the stored status
   */
  JobAccount(Parts parts, JobSync look, Job job, Runnable written) {
    this.parts = parts;
    this.look = look;
    this.job = job;
    this.written = written;
    this.now = look.now;
  }

  /**
   * Counts and writes the status, with the end of the Job if it has come.
   *
   * @param terminating whether pods are still ending; the Job has not ended before
   */
  void settle(JobStatus wanted, @Nullable JobCondition end, boolean terminating)
      throws InterruptedException {
    JobStatus stored = job.status();
    Set<String> held =
        look.pods.stream()
            .filter(look::tracked)
            .map(p -> p.metadata().uid())
            .collect(Collectors.toSet());
    UncountedTerminatedPods uncounted = JobSync.uncounted(wanted);
    succeeded.addAll(uncounted.succeeded());
    failed.addAll(uncounted.failed());
    JobStatus status = raised(wanted, held);
    collect(end);
    status = withIndexes(status).toBuilder().uncountedTerminatedPods(uncounted()).build();
    JobCondition last = null;
    if (end != null) {
      boolean success = end.type().equals(JobConditions.SUCCESS_CRITERIA_MET);
      status = status.toBuilder().conditions(JobConditions.with(status.conditions(), end)).build();
      last = JobConditions.as(success ? JobConditions.COMPLETE : JobConditions.FAILED, end, now);
    }
    if (!status.equals(stored) || changed(stored)) {
      job = parts.jobs().updateStatus(job.withStatus(status));
      status = job.status();
    }
    written.run();
    int before = releasable.size();
    Set<String> done = parts.tracking().release(job.key(), releasable);
    held.removeAll(done);
    status = raised(status, held).toBuilder().uncountedTerminatedPods(uncounted()).build();
    boolean ends =
        last != null
            && !full
            && !terminating
            && succeeded.isEmpty()
            && failed.isEmpty()
            && done.size() == before;
    if (ends && last != null) {
      status = ended(status, last);
    }
    if (!status.equals(job.status())) {
      job = parts.jobs().updateStatus(job.withStatus(status));
    }
    if (ends && last != null) {
      report(last);
    }
  }

  /** A status from the server has no empty lists; a first one must get its accounts. */
  private static boolean changed(JobStatus stored) {
    return stored.uncountedTerminatedPods() == null;
  }

  private UncountedTerminatedPods uncounted() {
    return UncountedTerminatedPods.builder()
        .succeeded(List.copyOf(succeeded))
        .failed(List.copyOf(failed))
        .build();
  }

  /** Pods that have lost their finalizer move from the lists to the counters. */
  private JobStatus raised(JobStatus status, Set<String> held) {
    long more = succeeded.stream().filter(uid -> !held.contains(uid)).count();
    long lost = failed.stream().filter(uid -> !held.contains(uid)).count();
    succeeded.removeIf(uid -> !held.contains(uid));
    failed.removeIf(uid -> !held.contains(uid));
    return status.toBuilder()
        .succeeded(sum(status.succeeded(), more))
        .failed(sum(status.failed(), lost))
        .build();
  }

  private static @Nullable Integer sum(@Nullable Integer count, long more) {
    int sum = number(count) + (int) more;
    return sum == 0 ? null : sum;
  }

  private void collect(@Nullable JobCondition end) {
    boolean indexed = JobPods.indexed(job);
    boolean fails = end != null && !end.type().equals(JobConditions.SUCCESS_CRITERIA_MET);
    List<Pod> ordered =
        indexed
            ? look.pods.stream().sorted(Comparator.comparingInt(JobPods::index)).toList()
            : look.pods;
    for (Pod pod : ordered) {
      boolean lost = JobPods.failed(pod, job);
      if (!look.tracked(pod) || !releasable(pod, lost, end != null)) {
        continue;
      }
      releasable.add(pod);
      String uid = pod.metadata().uid();
      if (JobPods.succeeded(pod) && !failed.contains(uid)) {
        if (indexed) {
          // The index itself says that it was counted.
          if (JobPods.inRange(pod, job) && !look.earlierSucceeded.has(JobPods.index(pod))) {
            indexes.add(JobPods.index(pod));
          }
        } else if (!succeeded.contains(uid)) {
          succeeded.add(uid);
        }
      } else if ((lost || fails)
          && !failed.contains(uid)
          && JobPods.inRange(pod, job)
          && FailurePolicy.of(job, pod).counts()) {
        failed.add(uid);
      }
      if (indexes.size() + succeeded.size() + failed.size() >= MOST_UNCOUNTED) {
        full = true;
        return;
      }
    }
  }

  private boolean releasable(Pod pod, boolean lost, boolean ending) {
    if (job.metadata().deletionTimestamp() != null || ending || JobPods.succeeded(pod)) {
      return true;
    }
    Pod waiting = look.replaceable.get(JobPods.index(pod));
    return lost && (waiting == null || !waiting.metadata().uid().equals(pod.metadata().uid()));
  }

  private JobStatus withIndexes(JobStatus status) {
    if (!JobPods.indexed(job)) {
      return status;
    }
    Indexes all = look.earlierSucceeded.with(indexes);
    JobStatus.Builder builder =
        status.toBuilder()
            .succeeded(all.total() == 0 ? null : all.total())
            .completedIndexes(all.total() == 0 ? null : all.toString());
    if (look.failedIndexes != null) {
      builder.failedIndexes(look.failedIndexes.toString());
    }
    return builder.build();
  }

  private JobStatus ended(JobStatus status, JobCondition last) {
    return status.toBuilder()
        .conditions(JobConditions.with(status.conditions(), last))
        .completionTime(last.type().equals(JobConditions.COMPLETE) ? now : null)
        .build();
  }

  private void report(JobCondition last) {
    if (last.type().equals(JobConditions.FAILED)) {
      parts.events().warning(job, String.valueOf(last.reason()), String.valueOf(last.message()));
      return;
    }
    if (job.spec().completions() != null
        && number(job.status().succeeded()) > JobPods.completions(job)) {
      parts
          .events()
          .warning(
              job,
              "TooManySucceededPods",
              "Too many succeeded pods running after completion count reached");
    }
    parts.events().normal(job, "Completed", "Job completed");
  }
}
