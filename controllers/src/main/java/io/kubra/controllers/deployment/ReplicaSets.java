package io.kubra.controllers.deployment;

import io.kubra.api.status.ApiException;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.controllers.runtime.Owners;
import io.kubra.model.apps.v1.Deployment;
import io.kubra.model.apps.v1.DeploymentStatus;
import io.kubra.model.apps.v1.ReplicaSet;
import io.kubra.model.apps.v1.ReplicaSetSpec;
import io.kubra.model.core.v1.PodTemplateSpec;
import io.kubra.model.meta.v1.LabelSelector;
import io.kubra.model.meta.v1.ObjectMeta;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Creates, numbers, scales and discards the ReplicaSets of Deployments. */
final class ReplicaSets {
  static final String REVISION = "deployment.kubernetes.io/revision";
  static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
  static final String MAXIMUM = "deployment.kubernetes.io/max-replicas";
  private static final String HISTORY = "deployment.kubernetes.io/revision-history";
  private static final Set<String> NOT_COPIED =
      Set.of(
          "kubectl.kubernetes.io/last-applied-configuration",
          REVISION,
          HISTORY,
          DESIRED,
          MAXIMUM,
          "deprecated.deployment.rollback.to");

  private final ResourceClient<ReplicaSet> sets;
  private final ResourceClient<Deployment> deployments;
  private final EventRecorder events;

  ReplicaSets(
      ResourceClient<ReplicaSet> sets,
      ResourceClient<Deployment> deployments,
      EventRecorder events) {
    this.sets = sets;
    this.deployments = deployments;
    this.events = events;
  }

  /** The set whose template is the Deployment's; the oldest, should there be several. */
  static @Nullable ReplicaSet current(Deployment deployment, List<ReplicaSet> all) {
    PodTemplateSpec template = TemplateHash.without(deployment.spec().template());
    return all.stream()
        .sorted(byAge())
        .filter(set -> TemplateHash.without(set.spec().template()).equals(template))
        .findFirst()
        .orElse(null);
  }

  static Comparator<ReplicaSet> byAge() {
    return Comparator.comparing(
            (ReplicaSet s) ->
                Objects.requireNonNullElse(s.metadata().creationTimestamp(), Instant.MAX))
        .thenComparing(s -> s.metadata().name());
  }

  static long revision(ReplicaSet set) {
    try {
      return Long.parseLong(set.metadata().annotations().getOrDefault(REVISION, "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Sees to it that the current set exists, and that it has the highest revision. */
  Rollout withCurrent(Rollout rollout) {
    long next = rollout.old().stream().mapToLong(ReplicaSets::revision).max().orElse(0) + 1;
    ReplicaSet known = rollout.current();
    if (known != null) {
      ReplicaSet numbered = numbered(rollout.deployment(), known, next);
      Deployment deployment = rollout.deployment();
      String revision = numbered.metadata().annotations().getOrDefault(REVISION, "");
      return new Rollout(withRevision(deployment, revision), numbered, rollout.old());
    }
    return create(rollout, next);
  }

  private ReplicaSet numbered(Deployment deployment, ReplicaSet set, long next) {
    Map<String, String> annotations = new LinkedHashMap<>(set.metadata().annotations());
    deployment
        .metadata()
        .annotations()
        .forEach(
            (name, value) -> {
              if (!NOT_COPIED.contains(name)) {
                annotations.put(name, value);
              }
            });
    long revision = revision(set);
    if (revision < next) {
      annotations.put(REVISION, Long.toString(next));
      if (revision > 0) {
        annotations.merge(HISTORY, Long.toString(revision), (a, b) -> a + "," + b);
      }
    }
    Integer minReady = deployment.spec().minReadySeconds();
    boolean sameMinReady =
        Objects.equals(
            Objects.requireNonNullElse(minReady, 0),
            Objects.requireNonNullElse(set.spec().minReadySeconds(), 0));
    if (annotations.equals(set.metadata().annotations()) && sameMinReady) {
      return set;
    }
    return sets.update(
        set.toBuilder()
            .metadata(set.metadata().toBuilder().annotations(annotations).build())
            .spec(set.spec().toBuilder().minReadySeconds(minReady).build())
            .build());
  }

  private Deployment withRevision(Deployment deployment, String revision) {
    if (revision.isEmpty() || revision.equals(deployment.metadata().annotations().get(REVISION))) {
      return deployment;
    }
    Map<String, String> annotations = new LinkedHashMap<>(deployment.metadata().annotations());
    annotations.put(REVISION, revision);
    return deployments.update(
        deployment.withMetadata(
            deployment.metadata().toBuilder().annotations(annotations).build()));
  }

  private Rollout create(Rollout rollout, long revision) {
    Deployment deployment = rollout.deployment();
    Integer collisions = deployment.status().collisionCount();
    int count = collisions == null ? 0 : collisions;
    String hash = TemplateHash.of(deployment.spec().template(), count);
    PodTemplateSpec template = deployment.spec().template();
    Map<String, String> labels = TemplateHash.with(template.metadata().labels(), hash);
    LabelSelector selector = deployment.spec().selector();
    LabelSelector own = selector == null ? LabelSelector.empty() : selector;
    Map<String, String> annotations = new LinkedHashMap<>(deployment.metadata().annotations());
    annotations.keySet().removeAll(NOT_COPIED);
    annotations.put(REVISION, Long.toString(revision));
    ReplicaSet blank =
        ReplicaSet.builder()
            .metadata(
                ObjectMeta.builder()
                    .name(deployment.metadata().name() + "-" + hash)
                    .namespace(deployment.metadata().namespace())
                    .labels(labels)
                    .annotations(annotations)
                    .ownerReferences(List.of(Owners.controllerReference(deployment)))
                    .build())
            .spec(
                ReplicaSetSpec.builder()
                    .replicas(0)
                    .minReadySeconds(deployment.spec().minReadySeconds())
                    .selector(
                        own.toBuilder()
                            .matchLabels(TemplateHash.with(own.matchLabels(), hash))
                            .build())
                    .template(
                        template.toBuilder()
                            .metadata(template.metadata().toBuilder().labels(labels).build())
                            .build())
                    .build())
            .build();
    int size = new Rollout(deployment, null, rollout.old()).currentTarget(blank);
    ReplicaSet wanted = sized(blank, size, rollout);
    ReplicaSet created;
    try {
      created = sets.create(wanted);
    } catch (ApiException e) {
      if (e.code() != 409) {
        events.warning(
            deployment,
            "ReplicaSetCreateError",
            "Failed to create new replica set \"%s\": %s"
                .formatted(wanted.metadata().name(), e.getMessage()));
        throw e;
      }
      created = existing(deployment, wanted, count, e);
    }
    if (size > 0) {
      events.normal(
          deployment,
          "ScalingReplicaSet",
          "Scaled up replica set %s from 0 to %d".formatted(created.metadata().name(), size));
    }
    Deployment numbered = withRevision(deployment, Long.toString(revision));
    return new Rollout(numbered, created, rollout.old());
  }

  /** A set of that name exists: ours, not yet seen, or one whose template collides. */
  private ReplicaSet existing(
      Deployment deployment, ReplicaSet wanted, int collisions, ApiException conflict) {
    ReplicaSet found = sets.get(wanted.metadata().namespace(), wanted.metadata().name());
    if (Owners.controls(deployment, found)
        && TemplateHash.without(found.spec().template())
            .equals(TemplateHash.without(deployment.spec().template()))) {
      return found;
    }
    DeploymentStatus status =
        deployment.status().toBuilder().collisionCount(collisions + 1).build();
    deployments.updateStatus(deployment.withStatus(status));
    throw conflict;
  }

  /** Brings a set to a size and records what the size belongs to. */
  ReplicaSet scale(Rollout rollout, ReplicaSet set, int size) {
    int before = Rollout.replicas(set);
    ReplicaSet wanted = sized(set, size, rollout);
    if (wanted.equals(set)) {
      return set;
    }
    ReplicaSet scaled = sets.update(wanted);
    if (before != size) {
      events.normal(
          rollout.deployment(),
          "ScalingReplicaSet",
          "Scaled %s replica set %s from %d to %d"
              .formatted(size > before ? "up" : "down", set.metadata().name(), before, size));
    }
    return scaled;
  }

  private static ReplicaSet sized(ReplicaSet set, int size, Rollout rollout) {
    Map<String, String> annotations = new LinkedHashMap<>(set.metadata().annotations());
    annotations.put(DESIRED, Integer.toString(rollout.wanted()));
    annotations.put(MAXIMUM, Integer.toString(rollout.wanted() + rollout.maxSurge()));
    return set.toBuilder()
        .metadata(set.metadata().toBuilder().annotations(annotations).build())
        .spec(set.spec().toBuilder().replicas(size).build())
        .build();
  }

  /** Deletes old sets beyond the history limit that have no pods left, the oldest first. */
  void discardHistory(Rollout rollout) {
    Integer limit = rollout.deployment().spec().revisionHistoryLimit();
    if (limit == null || limit == Integer.MAX_VALUE) {
      return;
    }
    List<ReplicaSet> idle =
        rollout.old().stream()
            .filter(s -> s.metadata().deletionTimestamp() == null)
            .sorted(Comparator.comparingLong(ReplicaSets::revision))
            .toList();
    for (ReplicaSet set : idle.subList(0, Math.max(0, idle.size() - limit))) {
      boolean used =
          set.status().replicas() != 0
              || Rollout.replicas(set) != 0
              || !Objects.equals(set.metadata().generation(), set.status().observedGeneration());
      if (!used) {
        sets.delete(set.metadata().namespace(), set.metadata().name());
      }
    }
  }
}
