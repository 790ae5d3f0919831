package io.kubra.controllers.deployment;

import io.kubra.client.ResourceClient;
import io.kubra.model.apps.v1.Deployment;
import io.kubra.model.apps.v1.DeploymentCondition;
import io.kubra.model.apps.v1.DeploymentStatus;
import io.kubra.model.apps.v1.ReplicaSet;
import io.kubra.model.apps.v1.ReplicaSetCondition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes and writes a Deployment's status with its Available, Progressing and failure conditions.
 */
final class DeploymentStatusWriter {
  private static final int NO_DEADLINE = Integer.MAX_VALUE;

  private final ResourceClient<Deployment> client;
  private final InstantSource clock;

  DeploymentStatusWriter(ResourceClient<Deployment> client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * Writes the status.
   *
   * @param created whether the current set was created just now
   * @return when the deadline is to be checked again, or zero
   */
  Duration write(Rollout rollout, boolean created) {
    Deployment deployment = rollout.deployment();
    DeploymentStatus old = deployment.status();
    int replicas = rollout.all().stream().mapToInt(s -> s.status().replicas()).sum();
    int available = rollout.totalAvailable();
    ReplicaSet current = rollout.current();
    DeploymentStatus.Builder status =
        old.toBuilder()
            .observedGeneration(deployment.metadata().generation())
            .replicas(zeroAsAbsent(replicas))
            .updatedReplicas(current == null ? null : zeroAsAbsent(current.status().replicas()))
            .readyReplicas(zeroAsAbsent(rollout.all().stream().mapToInt(Rollout::ready).sum()))
            .availableReplicas(zeroAsAbsent(available))
            .unavailableReplicas(zeroAsAbsent(Math.max(0, rollout.totalReplicas() - available)));
    Conditions conditions = new Conditions(old.conditions(), clock.instant());
    boolean enough = available >= rollout.wanted() - rollout.maxUnavailable();
    conditions.set(
        "Available",
        enough,
        enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        enough
            ? "Deployment has minimum availability."
            : "Deployment does not have minimum availability.");
    Duration check = progress(rollout, status.build(), conditions, created);
    failure(rollout, conditions);
    DeploymentStatus wanted = status.conditions(conditions.list()).build();
    if (!wanted.equals(old)) {
      client.updateStatus(deployment.withStatus(wanted));
    }
    return check;
  }

  private static @Nullable Integer zeroAsAbsent(int value) {
    return value == 0 ? null : value;
  }

  private static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  private Duration progress(
      Rollout rollout, DeploymentStatus status, Conditions conditions, boolean created) {
    Integer declared = rollout.deployment().spec().progressDeadlineSeconds();
    int deadline = declared == null ? NO_DEADLINE : declared;
    if (deadline == NO_DEADLINE) {
      conditions.remove("Progressing");
      return Duration.ZERO;
    }
    DeploymentCondition known = conditions.get("Progressing");
    if (rollout.paused()) {
      if (known == null || !"DeploymentPaused".equals(known.reason())) {
        conditions.set("Progressing", null, "DeploymentPaused", "Deployment is paused");
      }
      return Duration.ZERO;
    }
    if (known != null && "DeploymentPaused".equals(known.reason())) {
      conditions.set("Progressing", null, "DeploymentResumed", "Deployment is resumed");
      known = conditions.get("Progressing");
    }
    ReplicaSet current = rollout.current();
    String what =
        current == null
            ? "Deployment \"" + rollout.deployment().metadata().name() + '"'
            : "ReplicaSet \"" + current.metadata().name() + '"';
    if (rollout.complete()) {
      if (known == null || !"NewReplicaSetAvailable".equals(known.reason())) {
        conditions.touch(
            "Progressing", "NewReplicaSetAvailable", what + " has successfully progressed.");
      }
      return Duration.ZERO;
    }
    if (created) {
      conditions.touch(
          "Progressing",
          "NewReplicaSetCreated",
          "Created new replica set \"%s\""
              .formatted(current == null ? "" : current.metadata().name()));
      return Duration.ofSeconds(deadline + 1L);
    }
    if (progressed(rollout.deployment().status(), status)) {
      conditions.touch("Progressing", "ReplicaSetUpdated", what + " is progressing.");
      return Duration.ofSeconds(deadline + 1L);
    }
    if (known == null) {
      conditions.touch(
          "Progressing",
          "FoundNewReplicaSet",
          "Found new replica set \"%s\""
              .formatted(current == null ? "" : current.metadata().name()));
      return Duration.ofSeconds(deadline + 1L);
    }
    if ("ProgressDeadlineExceeded".equals(known.reason())) {
      return Duration.ZERO;
    }
    boolean wasComplete = "NewReplicaSetAvailable".equals(known.reason());
    if (wasComplete) {
      // Pods became unavailable after the rollout had ended: that is no failure to progress.
      return Duration.ZERO;
    }
    Instant since = known.lastUpdateTime() == null ? clock.instant() : known.lastUpdateTime();
    Duration left = Duration.between(clock.instant(), since.plusSeconds(deadline));
    if (left.isPositive()) {
      return left.plusSeconds(1);
    }
    conditions.set(
        "Progressing", false, "ProgressDeadlineExceeded", what + " has timed out progressing.");
    return Duration.ZERO;
  }

  private static boolean progressed(DeploymentStatus old, DeploymentStatus now) {
    int oldOutdated = number(old.replicas()) - number(old.updatedReplicas());
    int nowOutdated = number(now.replicas()) - number(now.updatedReplicas());
    return number(now.updatedReplicas()) > number(old.updatedReplicas())
        || nowOutdated < oldOutdated
        || number(now.readyReplicas()) > number(old.readyReplicas())
        || number(now.availableReplicas()) > number(old.availableReplicas());
  }

  private static void failure(Rollout rollout, Conditions conditions) {
    for (ReplicaSet set : rollout.all()) {
      for (ReplicaSetCondition c : set.status().conditions()) {
        if (c.type().equals("ReplicaFailure") && c.status().equals("True")) {
          conditions.set(
              "ReplicaFailure",
              true,
              c.reason() == null ? "" : c.reason(),
              c.message() == null ? "" : c.message());
          return;
        }
      }
    }
    conditions.remove("ReplicaFailure");
  }

  /** The conditions of one status while it is being computed. */
  private static final class Conditions {
    private final List<DeploymentCondition> list;
    private final Instant now;

    Conditions(List<DeploymentCondition> list, Instant now) {
      this.list = new ArrayList<>(list);
      this.now = now;
    }

    List<DeploymentCondition> list() {
      return list;
    }

    @Nullable DeploymentCondition get(String type) {
      return list.stream().filter(c -> c.type().equals(type)).findFirst().orElse(null);
    }

    void remove(String type) {
      list.removeIf(c -> c.type().equals(type));
    }

    /** Sets a condition; null stands for Unknown. Nothing changes if it says the same already. */
    void set(String type, @Nullable Boolean value, String reason, String message) {
      String status = value == null ? "Unknown" : value ? "True" : "False";
      DeploymentCondition known = get(type);
      if (known != null && known.status().equals(status) && reason.equals(known.reason())) {
        return;
      }
      put(type, status, reason, message, known);
    }

    /** Sets a condition to True and renews its update time. */
    void touch(String type, String reason, String message) {
      put(type, "True", reason, message, get(type));
    }

    private void put(
        String type,
        String status,
        String reason,
        String message,
        @Nullable DeploymentCondition known) {
      boolean sameStatus = known != null && known.status().equals(status);
      DeploymentCondition condition =
          DeploymentCondition.builder()
              .type(type)
              .status(status)
              .reason(reason)
              .message(message)
              .lastUpdateTime(now)
              .lastTransitionTime(sameStatus && known != null ? known.lastTransitionTime() : now)
              .build();
      remove(type);
      list.add(condition);
    }
  }
}
