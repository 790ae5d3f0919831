package io.kubra.controllers.job;

import static io.kubra.controllers.job.JobPods.completions;
import static io.kubra.controllers.job.JobPods.index;
import static io.kubra.controllers.job.JobPods.indexed;
import static io.kubra.controllers.job.JobPods.indexes;
import static io.kubra.controllers.job.JobPods.perIndex;

import io.kubra.controllers.runtime.Pods;
import io.kubra.model.batch.v1.Job;
import io.kubra.model.batch.v1.JobCondition;
import io.kubra.model.batch.v1.JobStatus;
import io.kubra.model.batch.v1.SuccessPolicy;
import io.kubra.model.batch.v1.SuccessPolicyRule;
import io.kubra.model.batch.v1.UncountedTerminatedPods;
import io.kubra.model.core.v1.ContainerStatus;
import io.kubra.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One look at a Job and its pods: what has succeeded and failed, whether the Job is at its end, and
 * the pods that it lacks. Computes only; nothing is written here.
 */
final class JobSync {
  final Job job;
  final List<Pod> pods;
  final List<Pod> active;
  final Instant now;
  final List<Pod> newlySucceeded;
  final List<Pod> newlyFailed;
  final int succeeded;
  final int failed;
  final Indexes earlierSucceeded;
  final Indexes succeededIndexes;
  final @Nullable Indexes failedIndexes;
  // The failed pods that wait, with their finalizer, until their index has a new pod.
  final Map<Integer, Pod> replaceable;
  private final Set<String> counted;

  /**
   * A look.
   *
   * @param counted uids of pods whose finalizer was removed already, although the cache still has
   *     it
   */
  JobSync(Job job, List<Pod> pods, Set<String> counted, Instant now) {
    this.job = job;
    this.pods = pods;
    this.active = pods.stream().filter(Pods::active).toList();
    this.now = now;
    this.counted = counted;
    UncountedTerminatedPods uncounted = uncounted(job.status());
    Set<String> waiting = new HashSet<>(uncounted.succeeded());
    waiting.addAll(uncounted.failed());
    List<Pod> fresh =
        pods.stream()
            .filter(this::tracked)
            .filter(p -> !waiting.contains(p.metadata().uid()) && JobPods.inRange(p, job))
            .toList();
    this.newlySucceeded = fresh.stream().filter(JobPods::succeeded).toList();
    this.newlyFailed = fresh.stream().filter(p -> JobPods.failed(p, job)).toList();
    int counting =
        (int) newlyFailed.stream().filter(p -> FailurePolicy.of(job, p).counts()).count();
    this.failed = number(job.status().failed()) + counting + uncounted.failed().size();
    if (indexed(job)) {
      this.earlierSucceeded = Indexes.parse(job.status().completedIndexes(), completions(job));
      this.succeededIndexes =
          earlierSucceeded.with(
              indexes(
                  pods.stream()
                      .filter(this::tracked)
                      .filter(p -> JobPods.succeeded(p) && JobPods.inRange(p, job))
                      .toList()));
      this.succeeded = succeededIndexes.total();
    } else {
      this.earlierSucceeded = Indexes.NONE;
      this.succeededIndexes = Indexes.NONE;
      this.succeeded =
          number(job.status().succeeded()) + newlySucceeded.size() + uncounted.succeeded().size();
    }
    this.failedIndexes = perIndex(job) ? failedIndexes() : null;
    this.replaceable = perIndex(job) ? replaceable() : Map.of();
  }

  static UncountedTerminatedPods uncounted(JobStatus status) {
    UncountedTerminatedPods uncounted = status.uncountedTerminatedPods();
    return uncounted == null ? UncountedTerminatedPods.empty() : uncounted;
  }

  static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  /** Whether the pod has still to be counted. */
  boolean tracked(Pod pod) {
    return JobPods.tracked(pod) && !counted.contains(pod.metadata().uid());
  }

  int terminating() {
    return (int) pods.stream().filter(p -> Pods.terminating(p) && !Pods.finished(p)).count();
  }

  private Indexes failedIndexes() {
    int limit = Objects.requireNonNullElse(job.spec().backoffLimitPerIndex(), 0);
    List<Pod> over = new ArrayList<>();
    for (Pod pod : pods) {
      if (tracked(pod) && JobPods.inRange(pod, job) && JobPods.failed(pod, job)) {
        FailurePolicy.Verdict verdict = FailurePolicy.of(job, pod);
        if (verdict.failsIndex() || (verdict.counts() && JobPods.failures(pod) >= limit)) {
          over.add(pod);
        }
      }
    }
    return Indexes.parse(job.status().failedIndexes(), completions(job)).with(indexes(over));
  }

  private Map<Integer, Pod> replaceable() {
    Set<Integer> running = new HashSet<>(indexes(active));
    Map<Integer, Pod> last = new HashMap<>();
    for (Pod pod : newlyFailed) {
      int index = index(pod);
      boolean ended =
          succeededIndexes.has(index) || (failedIndexes != null && failedIndexes.has(index));
      if (!ended && !running.contains(index)) {
        last.merge(index, pod, (a, b) -> attempts(b) >= attempts(a) ? b : a);
      }
    }
    return last;
  }

  static int attempts(Pod pod) {
    return JobPods.failures(pod) + JobPods.ignoredFailures(pod);
  }

  /** The interim condition by which the Job ends, or null if it goes on. */
  @Nullable JobCondition end() {
    JobCondition met = JobConditions.holding(job.status(), JobConditions.SUCCESS_CRITERIA_MET);
    if (met != null) {
      return met;
    }
    JobCondition target = JobConditions.holding(job.status(), JobConditions.FAILURE_TARGET);
    if (target != null) {
      return target;
    }
    for (Pod pod : pods) {
      String message = JobPods.failed(pod, job) ? FailurePolicy.of(job, pod).message() : null;
      if (message != null) {
        return failure("PodFailurePolicy", message);
      }
    }
    if (failed > Objects.requireNonNullElse(job.spec().backoffLimit(), 6) || restartsExceeded()) {
      return failure("BackoffLimitExceeded", "Job has reached the specified backoff limit");
    }
    if (untilDeadline().isZero()) {
      return failure("DeadlineExceeded", "Job was active longer than specified deadline");
    }
    if (failedIndexes != null && failedIndexes.total() > 0) {
      Integer most = job.spec().maxFailedIndexes();
      if (most != null && failedIndexes.total() > most) {
        return failure(
            "MaxFailedIndexesExceeded",
            "Job has exceeded the specified maximal number of failed indexes");
      }
      if (failedIndexes.total() + succeededIndexes.total() >= completions(job)) {
        return failure("FailedIndexes", "Job has failed indexes");
      }
    }
    return indexed(job) ? successPolicy() : null;
  }

  private JobCondition failure(String reason, String message) {
    return JobConditions.of(JobConditions.FAILURE_TARGET, "True", reason, message, now);
  }

  private @Nullable JobCondition successPolicy() {
    SuccessPolicy policy = job.spec().successPolicy();
    List<SuccessPolicyRule> rules = policy == null || succeeded == 0 ? List.of() : policy.rules();
    for (int i = 0; i < rules.size(); i++) {
      SuccessPolicyRule rule = rules.get(i);
      int matched = succeeded;
      int needed = number(rule.succeededCount());
      if (rule.succeededIndexes() != null) {
        Indexes wanted = Indexes.parse(rule.succeededIndexes(), completions(job));
        matched = wanted.shared(succeededIndexes);
        needed = rule.succeededCount() == null ? wanted.total() : needed;
      }
      if (matched >= needed) {
        return JobConditions.of(
            JobConditions.SUCCESS_CRITERIA_MET,
            "True",
            "SuccessPolicy",
            "Matched rules at index " + i,
            now);
      }
    }
    return null;
  }

  /** With restarts in place, it is the containers' restarts that count against the limit. */
  private boolean restartsExceeded() {
    if (!"OnFailure".equals(job.spec().template().spec().restartPolicy())) {
      return false;
    }
    int restarts =
        pods.stream()
            .filter(
                p -> "Running".equals(p.status().phase()) || "Pending".equals(p.status().phase()))
            .flatMap(
                p ->
                    Stream.concat(
                        p.status().initContainerStatuses().stream(),
                        p.status().containerStatuses().stream()))
            .mapToInt(ContainerStatus::restartCount)
            .sum();
    int limit = Objects.requireNonNullElse(job.spec().backoffLimit(), 6);
    return limit == 0 ? restarts > 0 : restarts >= limit;
  }

  /** How long the Job may still run; a very long time without a deadline. */
  Duration untilDeadline() {
    Long seconds = job.spec().activeDeadlineSeconds();
    Instant start = job.status().startTime();
    if (seconds == null || start == null || JobPods.suspended(job)) {
      return Duration.ofDays(365);
    }
    Duration left = Duration.between(now, start.plusSeconds(seconds));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** How many pods should run now. */
  int wantedActive() {
    int parallelism = Objects.requireNonNullElse(job.spec().parallelism(), 1);
    if (job.spec().completions() == null) {
      // A work queue: once one pod has succeeded, the others finish and none is added.
      return succeeded > 0 ? Math.min(active.size(), Integer.MAX_VALUE) : parallelism;
    }
    return Math.max(0, Math.min(completions(job) - succeeded, parallelism));
  }

  /** Whether the Job has all it wanted, given how many pods run. */
  boolean complete(int running) {
    return running == 0
        && (job.spec().completions() == null ? succeeded > 0 : succeeded >= completions(job));
  }

  /** The lowest indexes that need a pod. */
  List<Integer> pendingIndexes(int count) {
    Indexes taken = succeededIndexes.with(indexes(active));
    if (JobPods.replacesOnlyFailed(job)) {
      taken =
          taken.with(
              indexes(
                  pods.stream().filter(p -> Pods.terminating(p) && !Pods.finished(p)).toList()));
    }
    if (failedIndexes != null) {
      taken = taken.union(failedIndexes);
    }
    List<Integer> pending = new ArrayList<>();
    int candidate = taken.nextMissing(0);
    while (pending.size() < count && candidate < completions(job)) {
      pending.add(candidate);
      candidate = taken.nextMissing(candidate + 1);
    }
    return pending;
  }
}
