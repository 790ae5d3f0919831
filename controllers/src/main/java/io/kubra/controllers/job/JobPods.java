package io.kubra.controllers.job;

import io.kubra.controllers.runtime.Pods;
import io.kubra.model.batch.v1.Job;
import io.kubra.model.batch.v1.JobSpec;
import io.kubra.model.core.v1.ContainerStatus;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodCondition;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** What a Job asks of its pods and of its own spec. */
final class JobPods {
  static final String FINALIZER = "batch.kubernetes.io/job-tracking";
  static final String INDEX = "batch.kubernetes.io/job-completion-index";
  static final String FAILURES = "batch.kubernetes.io/job-index-failure-count";
  static final String IGNORED_FAILURES = "batch.kubernetes.io/job-index-ignored-failure-count";
  static final String MANAGER = "kubernetes.io/job-controller";
  static final int NO_INDEX = -1;

  private JobPods() {}

  static boolean indexed(Job job) {
    return "Indexed".equals(job.spec().completionMode()) && job.spec().completions() != null;
  }

  static boolean suspended(Job job) {
    return Boolean.TRUE.equals(job.spec().suspend());
  }

  static boolean perIndex(Job job) {
    return indexed(job) && job.spec().backoffLimitPerIndex() != null;
  }

  static boolean managedByOther(Job job) {
    return job.spec().managedBy() != null && !MANAGER.equals(job.spec().managedBy());
  }

  static int completions(Job job) {
    return Objects.requireNonNullElse(job.spec().completions(), 0);
  }

  /** Whether a pod is only replaced once it has failed, not already while it ends. */
  static boolean replacesOnlyFailed(Job job) {
    JobSpec spec = job.spec();
    return "Failed".equals(spec.podReplacementPolicy()) || spec.podFailurePolicy() != null;
  }

  static boolean tracked(Pod pod) {
    return pod.metadata().finalizers().contains(FINALIZER);
  }

  static boolean succeeded(Pod pod) {
    return "Succeeded".equals(pod.status().phase());
  }

  /**
   * Whether a pod counts as failed: also one that is being deleted, unless the Job waits for it.
   */
  static boolean failed(Pod pod, Job job) {
    if ("Failed".equals(pod.status().phase())) {
      return true;
    }
    return !replacesOnlyFailed(job) && Pods.terminating(pod) && !succeeded(pod);
  }

  /** The completion index a pod stands for, or {@link #NO_INDEX}. */
  static int index(Pod pod) {
    return number(pod, INDEX, NO_INDEX);
  }

  /** Whether the pod has an index that the Job still wants; true for Jobs without indexes. */
  static boolean inRange(Pod pod, Job job) {
    int index = index(pod);
    return !indexed(job) || (index != NO_INDEX && index < completions(job));
  }

  static Collection<Integer> indexes(List<Pod> pods) {
    Collection<Integer> indexes = new TreeSet<>();
    for (Pod pod : pods) {
      if (index(pod) != NO_INDEX) {
        indexes.add(index(pod));
      }
    }
    return indexes;
  }

  static int failures(Pod pod) {
    return number(pod, FAILURES, 0);
  }

  static int ignoredFailures(Pod pod) {
    return number(pod, IGNORED_FAILURES, 0);
  }

  private static int number(Pod pod, String annotation, int otherwise) {
    String text = pod.metadata().annotations().get(annotation);
    try {
      int value = text == null ? otherwise : Integer.parseInt(text);
      return value < 0 ? otherwise : value;
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /** When a pod ended, as well as can be told. */
  static Instant finishedAt(Pod pod) {
    Instant latest = Instant.MIN;
    for (ContainerStatus container : pod.status().containerStatuses()) {
      Instant end =
          container.state() == null || container.state().terminated() == null
              ? null
              : container.state().terminated().finishedAt();
      if (end == null) {
        latest = Instant.MIN;
        break;
      }
      latest = end.isAfter(latest) ? end : latest;
    }
    if (!latest.equals(Instant.MIN)) {
      return latest;
    }
    PodCondition ready = Pods.condition(pod, "Ready");
    if (ready != null && ready.status().equals("False") && ready.lastTransitionTime() != null) {
      return ready.lastTransitionTime();
    }
    Instant deletion = pod.metadata().deletionTimestamp();
    if (deletion != null) {
      Long grace = pod.metadata().deletionGracePeriodSeconds();
      return deletion.minusSeconds(grace == null ? 0 : grace);
    }
    return Objects.requireNonNullElse(pod.metadata().creationTimestamp(), Instant.EPOCH);
  }
}
