package io.kubra.controllers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.Codec;
import io.kubra.model.apps.v1.ControllerRevision;
import io.kubra.model.apps.v1.StatefulSet;
import io.kubra.model.core.v1.Event;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.Pod;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class StatefulSetTest {
  @AutoClose private static final ControlledCluster cluster = new ControlledCluster();
  private static final ResourceClient<StatefulSet> sets = cluster.resource(StatefulSet.RESOURCE);

  private final String namespace = cluster.namespace();

  @Test
  void podsGetStableNamesLabelsAndClaims() {
    create(2, "good", "");
    awaitReady(2);
    Pod first = pod("db-0");
    assertThat(first.spec().hostname()).isEqualTo("db-0");
    assertThat(first.spec().subdomain()).isEqualTo("db");
    assertThat(first.metadata().labels())
        .containsEntry("statefulset.kubernetes.io/pod-name", "db-0")
        .containsEntry("apps.kubernetes.io/pod-index", "0")
        .containsEntry("controller-revision-hash", set().status().updateRevision());
    assertThat(first.spec().volumes())
        .anySatisfy(
            v -> {
              assertThat(v.name()).isEqualTo("data");
              assertThat(Objects.requireNonNull(v.persistentVolumeClaim()).claimName())
                  .isEqualTo("data-db-0");
            });
    assertThat(claims()).containsExactlyInAnyOrder("data-db-0", "data-db-1");
    assertThat(set().status().currentRevision()).isEqualTo(set().status().updateRevision());
    await()
        .untilAsserted(
            () ->
                assertThat(events())
                    .contains(
                        "SuccessfulCreate: create Pod db-0 in StatefulSet db successful",
                        "SuccessfulCreate: create Claim data-db-0 Pod db-0 in StatefulSet db"
                            + " success"));
  }

  @Test
  void anOrderedSetWaitsForEachPod() {
    create(3, "slow", "");
    await().until(() -> names().equals(List.of("db-0")));
    cluster.kubelet().ready(namespace, "db-0", true);
    await().until(() -> names().equals(List.of("db-0", "db-1")));
    cluster.kubelet().ready(namespace, "db-1", true);
    await().until(() -> names().equals(List.of("db-0", "db-1", "db-2")));
  }

  @Test
  void aParallelSetDoesNotWait() {
    create(3, "slow", "\"podManagementPolicy\":\"Parallel\",\"ordinals\":{\"start\":5},");
    await().until(() -> names().equals(List.of("db-5", "db-6", "db-7")));
  }

  @Test
  void scalingDownTakesTheHighestAndKeepsItsClaim() {
    create(3, "good", "");
    awaitReady(3);
    patch("{\"spec\":{\"replicas\":1}}");
    await().until(() -> names().equals(List.of("db-0")));
    assertThat(claims()).hasSize(3);
    await().until(() -> set().status().replicas() == 1);
  }

  @Test
  void aNewTemplateReplacesThePodsAboveThePartition() {
    create(3, "good", "\"updateStrategy\":{\"rollingUpdate\":{\"partition\":2}},");
    awaitReady(3);
    String before = String.valueOf(set().status().currentRevision());
    annotate("2");
    await().until(() -> revision("db-2") != null && !before.equals(revision("db-2")));
    awaitReady(3);
    assertThat(revision("db-0")).isEqualTo(before);
    assertThat(set().status().currentRevision()).isEqualTo(before);
    assertThat(set().status().updatedReplicas()).isEqualTo(1);
    patch("{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":0}}}}");
    await().until(() -> !before.equals(set().status().currentRevision()));
    assertThat(revision("db-0")).isEqualTo(set().status().updateRevision());
  }

  @Test
  void goingBackTakesUpTheOldRevision() {
    create(1, "good", "");
    awaitReady(1);
    String first = String.valueOf(set().status().updateRevision());
    annotate("2");
    await().until(() -> !first.equals(set().status().currentRevision()));
    patch("{\"spec\":{\"template\":{\"metadata\":{\"annotations\":null}}}}");
    await().until(() -> first.equals(set().status().currentRevision()));
    assertThat(cluster.list(ControllerRevision.RESOURCE, namespace))
        .hasSize(2)
        .anySatisfy(
            r -> {
              assertThat(r.metadata().name()).isEqualTo(first);
              assertThat(r.revision()).isEqualTo(3);
            });
  }

  @Test
  void withOnDeleteAPodIsRenewedWhenItIsDeleted() {
    create(1, "good", "\"updateStrategy\":{\"type\":\"OnDelete\"},");
    awaitReady(1);
    String before = revision("db-0");
    annotate("2");
    await().until(() -> !Objects.equals(before, set().status().updateRevision()));
    assertThat(revision("db-0")).isEqualTo(before);
    cluster.resource(Pod.RESOURCE).delete(namespace, "db-0");
    await().until(() -> revision("db-0") != null && !revision("db-0").equals(before));
  }

  @Test
  void claimsGoWithPodsAndSetWhereThePolicySaysSo() {
    create(
        2,
        "good",
        "\"persistentVolumeClaimRetentionPolicy\":{\"whenScaled\":\"Delete\",\"whenDeleted\":\"Delete\"},");
    awaitReady(2);
    patch("{\"spec\":{\"replicas\":1}}");
    await().until(() -> !pending("data-db-1"));
    assertThat(claims()).contains("data-db-0");
    sets.delete(namespace, "db");
    await().until(() -> !pending("data-db-0"));
  }

  @Test
  void aFailedPodIsMadeAgain() {
    create(1, "good", "");
    awaitReady(1);
    String uid = pod("db-0").metadata().uid();
    cluster
        .resource(Pod.RESOURCE)
        .patch(
            namespace,
            "db-0",
            PatchType.MERGE,
            "{\"status\":{\"phase\":\"Failed\"}}".getBytes(UTF_8),
            "status");
    await()
        .until(
            () ->
                cluster
                    .resource(Pod.RESOURCE)
                    .find(namespace, "db-0")
                    .filter(p -> !p.metadata().uid().equals(uid))
                    .isPresent());
  }

  private void create(int replicas, String image, String spec) {
    String json =
        """
        {"metadata":{"name":"db","namespace":"%s"},"spec":{%s
         "replicas":%d,"serviceName":"db","selector":{"matchLabels":{"app":"db"}},
         "template":{"metadata":{"labels":{"app":"db"}},
           "spec":{"containers":[{"name":"main","image":"%s"}]}},
         "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],
           "resources":{"requests":{"storage":"1Mi"}}}}]}}
        """
            .formatted(namespace, spec, replicas, image);
    sets.create(Codec.read(json.getBytes(UTF_8), StatefulSet::read));
  }

  private StatefulSet set() {
    return sets.get(namespace, "db");
  }

  private Pod pod(String name) {
    return cluster.resource(Pod.RESOURCE).get(namespace, name);
  }

  private String revision(String pod) {
    return cluster
        .resource(Pod.RESOURCE)
        .find(namespace, pod)
        .map(p -> p.metadata().labels().get("controller-revision-hash"))
        .orElse(null);
  }

  private List<String> names() {
    return cluster.list(Pod.RESOURCE, namespace).stream()
        .map(p -> p.metadata().name())
        .sorted()
        .toList();
  }

  private List<String> claims() {
    return cluster.list(PersistentVolumeClaim.RESOURCE, namespace).stream()
        .map(c -> c.metadata().name())
        .toList();
  }

  /** Whether a claim is there and nobody deletes it. */
  private boolean pending(String claim) {
    return cluster
        .resource(PersistentVolumeClaim.RESOURCE)
        .find(namespace, claim)
        .filter(c -> c.metadata().deletionTimestamp() == null)
        .isPresent();
  }

  private void annotate(String version) {
    patch(
        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"version\":\""
            + version
            + "\"}}}}}");
  }

  private void patch(String patch) {
    sets.patch(namespace, "db", PatchType.MERGE, patch.getBytes(UTF_8), null);
  }

  private void awaitReady(int count) {
    await()
        .until(
            () ->
                Objects.equals(set().status().readyReplicas(), count)
                    && set().status().replicas() == count
                    && Objects.equals(
                        set().status().observedGeneration(), set().metadata().generation()));
  }

  private List<String> events() {
    return cluster.list(Event.RESOURCE, namespace).stream()
        .map(e -> e.reason() + ": " + e.message())
        .toList();
  }
}
