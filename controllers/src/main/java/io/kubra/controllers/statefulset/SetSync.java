package io.kubra.controllers.statefulset;

import static io.kubra.controllers.statefulset.Identity.available;
import static io.kubra.controllers.statefulset.Identity.created;
import static io.kubra.controllers.statefulset.Identity.runningAndReady;

import io.kubra.client.events.EventRecorder;
import io.kubra.controllers.history.Revisions;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.IntOrString;
import io.kubra.model.apps.v1.ControllerRevision;
import io.kubra.model.apps.v1.RollingUpdateStatefulSetStrategy;
import io.kubra.model.apps.v1.StatefulSet;
import io.kubra.model.apps.v1.StatefulSetUpdateStrategy;
import io.kubra.model.core.v1.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One look at a StatefulSet and its pods, and the steps that are due: replicas are created and
 * corrected from the lowest ordinal up, superfluous ones deleted from the highest down, and then
 * pods of an old revision replaced, again from the highest down. An ordered set takes one step at a
 * time and waits for each pod to become available.
 */
final class SetSync {
  private final StatefulSet set;
  private final ControllerRevision current;
  private final ControllerRevision update;
  private final Instant now;
  private final PodWriter writer;
  private final ClaimControl claims;
  private final EventRecorder events;
  private final Pod[] replicas;
  private final List<Pod> condemned = new ArrayList<>();
  private final boolean ordered;
  private int deletedForUpdate;

  SetSync(
      StatefulSet set,
      List<Pod> pods,
      ControllerRevision current,
      ControllerRevision update,
      Instant now,
      PodWriter writer,
      ClaimControl claims,
      EventRecorder events) {
    this.set = set;
    this.current = current;
    this.update = update;
    this.now = now;
    this.writer = writer;
    this.claims = claims;
    this.events = events;
    this.ordered = !"Parallel".equals(set.spec().podManagementPolicy());
    this.replicas = new Pod[Identity.replicas(set)];
    int start = Identity.start(set);
    for (Pod pod : pods) {
      int place = Identity.ordinal(set, pod) - start;
      if (place >= 0 && place < replicas.length) {
        replicas[place] = pod;
      } else {
        condemned.add(pod);
      }
    }
    for (int i = 0; i < replicas.length; i++) {
      if (replicas[i] == null) {
        replicas[i] = missing(start + i);
      }
    }
    condemned.sort(Comparator.comparingInt((Pod p) -> Identity.ordinal(set, p)).reversed());
  }

  /** The pods below the partition are made after the current revision, the others after the new. */
  private Pod missing(int ordinal) {
    boolean old = rolling() && ordinal - Identity.start(set) < partition();
    ControllerRevision revision = old ? current : update;
    return Identity.pod(set, Revisions.template(revision), revision.metadata().name(), ordinal);
  }

  private boolean rolling() {
    StatefulSetUpdateStrategy strategy = set.spec().updateStrategy();
    return strategy == null || !"OnDelete".equals(strategy.type());
  }

  private @Nullable RollingUpdateStatefulSetStrategy rollingUpdate() {
    StatefulSetUpdateStrategy strategy = set.spec().updateStrategy();
    return strategy == null ? null : strategy.rollingUpdate();
  }

  private int partition() {
    RollingUpdateStatefulSetStrategy rolling = rollingUpdate();
    return rolling == null ? 0 : Objects.requireNonNullElse(rolling.partition(), 0);
  }

  private int maxUnavailable() {
    RollingUpdateStatefulSetStrategy rolling = rollingUpdate();
    IntOrString most = rolling == null ? null : rolling.maxUnavailable();
    return most == null ? 1 : Math.max(1, most.scaled(replicas.length, false));
  }

  /** How many pods of the current revision went for the update in {@link #run}. */
  int deletedForUpdate() {
    return deletedForUpdate;
  }

  /** Takes the steps that are due. */
  void run() {
    for (Pod pod : replicas) {
      if (!settle(pod)) {
        return;
      }
    }
    for (Pod pod : condemned) {
      claims.retain(set, pod, true);
    }
    for (Pod pod : condemned) {
      if (!condemn(pod)) {
        return;
      }
    }
    if (rolling()) {
      replaceOld();
    }
  }

  /** Whether the next pod may be looked at too. */
  private boolean settle(Pod pod) {
    if (Pods.finished(pod) && created(pod)) {
      if (!Pods.terminating(pod)) {
        boolean failed = "Failed".equals(pod.status().phase());
        events.warning(
            set,
            failed ? "RecreatingFailedPod" : "RecreatingTerminatedPod",
            "StatefulSet %s/%s is recreating %s Pod %s"
                .formatted(
                    set.metadata().namespace(),
                    set.metadata().name(),
                    failed ? "failed" : "terminated",
                    pod.metadata().name()));
        writer.delete(set, pod);
      }
      return !ordered;
    }
    if (!created(pod)) {
      if (claims.stale(set, pod)) {
        return !ordered;
      }
      writer.create(set, pod);
      return !ordered;
    }
    if (ordered && (Pods.terminating(pod) || !available(set, pod, now))) {
      if ("Pending".equals(pod.status().phase()) && !Pods.terminating(pod)) {
        claims.create(set, pod);
      }
      return false;
    }
    if (!Pods.terminating(pod)) {
      writer.correct(set, pod);
    }
    return true;
  }

  private boolean condemn(Pod pod) {
    if (Pods.terminating(pod)) {
      return !ordered;
    }
    if (ordered && !runningAndReady(pod) && !pod.equals(firstUnhealthy())) {
      return false;
    }
    writer.delete(set, pod);
    return !ordered;
  }

  private @Nullable Pod firstUnhealthy() {
    List<Pod> all = new ArrayList<>(Arrays.asList(replicas));
    all.addAll(condemned.reversed());
    return all.stream().filter(p -> !available(set, p, now)).findFirst().orElse(null);
  }

  private boolean old(Pod pod) {
    return !Identity.revision(pod).equals(update.metadata().name());
  }

  private boolean unavailable(Pod pod) {
    return Pods.terminating(pod) || !available(set, pod, now);
  }

  /** Deletes old pods from the top, as long as no more than allowed are unavailable. */
  private void replaceOld() {
    int missing = 0;
    for (int i = partition(); i < replicas.length; i++) {
      missing += unavailable(replicas[i]) ? 1 : 0;
    }
    int most = maxUnavailable();
    for (int i = replicas.length - 1; i >= partition(); i--) {
      Pod pod = replicas[i];
      if (!created(pod) || Pods.terminating(pod) || !old(pod)) {
        continue;
      }
      boolean broken = unavailable(pod);
      // A broken pod costs nothing to replace, but may not push aside those above it.
      if (!broken && missing >= most) {
        return;
      }
      if (broken && missing > most) {
        return;
      }
      writer.delete(set, pod);
      deletedForUpdate++;
      missing += broken ? 0 : 1;
    }
  }
}
