package io.kubra.controllers;

import static io.kubra.controllers.Workloads.deployment;
import static io.kubra.controllers.Workloads.template;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.apps.v1.Deployment;
import io.kubra.model.apps.v1.ReplicaSet;
import io.kubra.model.core.v1.Event;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.meta.v1.DeleteOptions;
import io.kubra.model.meta.v1.OwnerReference;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class DeploymentTest {
  @AutoClose private static final ControlledCluster cluster = new ControlledCluster();
  private static final ResourceClient<Deployment> deployments =
      cluster.resource(Deployment.RESOURCE);

  private final String namespace = cluster.namespace();

  @Test
  void aDeploymentCreatesItsReplicaSetAndPods() {
    deployments.create(deployment(namespace, "web", 3, FakeKubelet.GOOD));
    awaitComplete("web", 3);

    ReplicaSet set = sets().getFirst();
    assertThat(sets()).hasSize(1);
    assertThat(set.metadata().name()).startsWith("web-");
    assertThat(set.metadata().labels()).containsKey("pod-template-hash");
    assertThat(set.metadata().annotations())
        .containsEntry("deployment.kubernetes.io/revision", "1")
        .containsEntry("deployment.kubernetes.io/desired-replicas", "3")
        .containsEntry("deployment.kubernetes.io/max-replicas", "4");
    assertThat(owner(set).kind()).isEqualTo("Deployment");
    assertThat(pods())
        .hasSize(3)
        .allSatisfy(
            pod -> {
              assertThat(pod.metadata().name()).startsWith(set.metadata().name() + "-");
              assertThat(pod.metadata().ownerReferences())
                  .singleElement()
                  .satisfies(o -> assertThat(o.uid()).isEqualTo(set.metadata().uid()));
            });
    Deployment deployment = deployments.get(namespace, "web");
    assertThat(deployment.metadata().annotations())
        .containsEntry("deployment.kubernetes.io/revision", "1");
    assertThat(deployment.status().conditions())
        .anySatisfy(
            c -> {
              assertThat(c.type()).isEqualTo("Progressing");
              assertThat(c.reason()).isEqualTo("NewReplicaSetAvailable");
            })
        .anySatisfy(
            c -> {
              assertThat(c.type()).isEqualTo("Available");
              assertThat(c.reason()).isEqualTo("MinimumReplicasAvailable");
            });
    await()
        .untilAsserted(
            () ->
                assertThat(events())
                    .contains(
                        "ScalingReplicaSet: Scaled up replica set %s from 0 to 3"
                            .formatted(set.metadata().name())));
  }

  @Test
  void aNewTemplateReplacesAllPodsAndKeepsTheOldSet() {
    deployments.create(deployment(namespace, "web", 4, FakeKubelet.GOOD));
    awaitComplete("web", 4);
    ReplicaSet before = sets().getFirst();

    annotateTemplate("web", "v2");
    awaitComplete("web", 4);

    assertThat(sets()).hasSize(2);
    ReplicaSet old = set(before.metadata().name());
    assertThat(old.spec().replicas()).isZero();
    ReplicaSet current = other(old);
    assertThat(current.metadata().annotations())
        .containsEntry("deployment.kubernetes.io/revision", "2");
    assertThat(pods())
        .hasSize(4)
        .allSatisfy(p -> assertThat(owner(p).uid()).isEqualTo(current.metadata().uid()));
  }

  @Test
  void goingBackToAnOldTemplateTakesItsSetAgainAsTheNewestRevision() {
    deployments.create(deployment(namespace, "web", 2, FakeKubelet.GOOD));
    awaitComplete("web", 2);
    ReplicaSet first = sets().getFirst();
    annotateTemplate("web", "v2");
    awaitComplete("web", 2);

    patch("web", "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":null}}}}");
    awaitComplete("web", 2);

    assertThat(sets()).hasSize(2);
    ReplicaSet again = set(first.metadata().name());
    assertThat(again.spec().replicas()).isEqualTo(2);
    assertThat(again.metadata().annotations())
        .containsEntry("deployment.kubernetes.io/revision", "3")
        .containsEntry("deployment.kubernetes.io/revision-history", "1");
  }

  @Test
  void aTemplateThatNeverGetsReadyLeavesMostOldPodsRunning() {
    deployments.create(deployment(namespace, "web", 4, FakeKubelet.GOOD));
    awaitComplete("web", 4);

    Deployment deployment = deployments.get(namespace, "web");
    deployments.update(
        deployment.withSpec(
            deployment.spec().toBuilder().template(template("web", "bad")).build()));

    // maxSurge and maxUnavailable are 25 %: one more, one less.
    await()
        .untilAsserted(
            () -> {
              assertThat(podsWithImage("bad")).hasSize(2);
              assertThat(podsWithImage(FakeKubelet.GOOD)).hasSize(3);
            });
    assertThat(deployments.get(namespace, "web").status().availableReplicas()).isEqualTo(3);
  }

  @Test
  void scalingFollowsTheWantedNumber() {
    deployments.create(deployment(namespace, "web", 1, FakeKubelet.GOOD));
    awaitComplete("web", 1);
    patch("web", "{\"spec\":{\"replicas\":5}}");
    awaitComplete("web", 5);
    patch("web", "{\"spec\":{\"replicas\":2}}");
    awaitComplete("web", 2);
    await().untilAsserted(() -> assertThat(pods()).hasSize(2));
    assertThat(sets()).hasSize(1);
  }

  @Test
  void aPausedDeploymentScalesButDoesNotRoll() {
    deployments.create(deployment(namespace, "web", 2, FakeKubelet.GOOD));
    awaitComplete("web", 2);
    patch("web", "{\"spec\":{\"paused\":true,\"replicas\":3}}");
    await().untilAsserted(() -> assertThat(pods()).hasSize(3));
    annotateTemplate("web", "v2");
    await()
        .untilAsserted(
            () -> {
              Deployment d = deployments.get(namespace, "web");
              assertThat(d.status().observedGeneration()).isEqualTo(d.metadata().generation());
            });
    assertThat(sets()).hasSize(1);

    patch("web", "{\"spec\":{\"paused\":false}}");
    awaitComplete("web", 3);
    assertThat(sets()).hasSize(2);
  }

  @Test
  void recreateEndsAllOldPodsBeforeItStartsNewOnes() {
    deployments.create(deployment(namespace, "web", 2, FakeKubelet.GOOD));
    awaitComplete("web", 2);
    patch("web", "{\"spec\":{\"strategy\":{\"type\":\"Recreate\",\"rollingUpdate\":null}}}");
    Set<String> old = pods().stream().map(p -> p.metadata().uid()).collect(Collectors.toSet());

    annotateTemplate("web", "v2");
    awaitComplete("web", 2);

    assertThat(pods()).hasSize(2).noneMatch(p -> old.contains(p.metadata().uid()));
    assertThat(events()).noneMatch(e -> e.contains("from 2 to 1"));
  }

  @Test
  void oldSetsBeyondTheHistoryLimitAreDeleted() {
    Deployment web = deployment(namespace, "web", 1, FakeKubelet.GOOD);
    deployments.create(web.withSpec(web.spec().toBuilder().revisionHistoryLimit(1).build()));
    awaitComplete("web", 1);
    for (String version : List.of("v2", "v3", "v4")) {
      annotateTemplate("web", version);
      awaitComplete("web", 1);
    }
    await().untilAsserted(() -> assertThat(sets()).hasSize(2));
  }

  @Test
  void aDeletedPodIsReplaced() {
    deployments.create(deployment(namespace, "web", 2, FakeKubelet.GOOD));
    awaitComplete("web", 2);
    String victim = pods().getFirst().metadata().name();
    cluster.resource(Pod.RESOURCE).delete(namespace, victim);
    await()
        .untilAsserted(
            () -> assertThat(pods()).hasSize(2).noneMatch(p -> p.metadata().name().equals(victim)));
  }

  @Test
  void deletingInTheBackgroundDeletesSetsAndPods() {
    deployments.create(deployment(namespace, "web", 2, FakeKubelet.GOOD));
    awaitComplete("web", 2);
    deployments.delete(namespace, "web");
    await()
        .untilAsserted(
            () -> {
              assertThat(sets()).isEmpty();
              assertThat(pods()).isEmpty();
            });
  }

  @Test
  void deletingInTheForegroundKeepsTheDeploymentUntilItsPodsAreGone() {
    deployments.create(deployment(namespace, "web", 2, "bad"));
    await().untilAsserted(() -> assertThat(pods()).hasSize(2));
    holdPods();
    deployments.delete(
        namespace, "web", DeleteOptions.builder().propagationPolicy("Foreground").build());
    await()
        .untilAsserted(
            () ->
                assertThat(pods())
                    .hasSize(2)
                    .allMatch(p -> p.metadata().deletionTimestamp() != null));
    assertThat(deployments.get(namespace, "web").metadata().finalizers())
        .contains("foregroundDeletion");

    releasePods();
    await().untilAsserted(() -> assertThat(deployments.find(namespace, "web")).isEmpty());
    assertThat(pods()).isEmpty();
    assertThat(sets()).isEmpty();
  }

  @Test
  void orphanedSetsStayAndAreAdoptedByANamesake() {
    deployments.create(deployment(namespace, "web", 2, FakeKubelet.GOOD));
    awaitComplete("web", 2);
    Set<String> before = pods().stream().map(p -> p.metadata().uid()).collect(Collectors.toSet());
    deployments.delete(
        namespace, "web", DeleteOptions.builder().propagationPolicy("Orphan").build());
    await().untilAsserted(() -> assertThat(deployments.find(namespace, "web")).isEmpty());
    assertThat(sets())
        .singleElement()
        .satisfies(s -> assertThat(s.metadata().ownerReferences()).isEmpty());

    deployments.create(deployment(namespace, "web", 2, FakeKubelet.GOOD));
    awaitComplete("web", 2);
    assertThat(sets()).hasSize(1);
    assertThat(pods())
        .extracting(p -> p.metadata().uid())
        .containsExactlyInAnyOrderElementsOf(before);
  }

  private void holdPods() {
    for (Pod pod : pods()) {
      patchPod(pod, "{\"metadata\":{\"finalizers\":[\"test.kubra.io/hold\"]}}");
    }
  }

  private void releasePods() {
    for (Pod pod : pods()) {
      patchPod(pod, "{\"metadata\":{\"finalizers\":null}}");
    }
  }

  private void patchPod(Pod pod, String patch) {
    cluster
        .resource(Pod.RESOURCE)
        .patch(namespace, pod.metadata().name(), PatchType.MERGE, patch.getBytes(UTF_8), null);
  }

  private void annotateTemplate(String name, String version) {
    patch(
        name,
        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"version\":\"%s\"}}}}}"
            .formatted(version));
  }

  private void patch(String name, String patch) {
    deployments.patch(namespace, name, PatchType.MERGE, patch.getBytes(UTF_8), null);
  }

  private void awaitComplete(String name, int replicas) {
    await()
        .untilAsserted(
            () -> {
              Deployment d = deployments.get(namespace, name);
              assertThat(d.status().observedGeneration()).isEqualTo(d.metadata().generation());
              assertThat(d.status().updatedReplicas()).isEqualTo(replicas);
              assertThat(d.status().replicas()).isEqualTo(replicas);
              assertThat(d.status().availableReplicas()).isEqualTo(replicas);
            });
  }

  private List<ReplicaSet> sets() {
    return cluster.list(ReplicaSet.RESOURCE, namespace);
  }

  private ReplicaSet set(String name) {
    return cluster.resource(ReplicaSet.RESOURCE).get(namespace, name);
  }

  private ReplicaSet other(ReplicaSet set) {
    return sets().stream()
        .filter(s -> !s.metadata().uid().equals(set.metadata().uid()))
        .findFirst()
        .orElseThrow();
  }

  private static OwnerReference owner(io.kubra.model.KubernetesObject object) {
    return object.metadata().ownerReferences().getFirst();
  }

  private List<Pod> pods() {
    return cluster.list(Pod.RESOURCE, namespace);
  }

  private List<Pod> podsWithImage(String image) {
    return pods().stream()
        .filter(p -> image.equals(p.spec().containers().getFirst().image()))
        .toList();
  }

  private List<String> events() {
    return cluster.list(Event.RESOURCE, namespace).stream()
        .filter(e -> Objects.equals(e.involvedObject().kind(), "Deployment"))
        .map(e -> e.reason() + ": " + e.message())
        .toList();
  }
}
