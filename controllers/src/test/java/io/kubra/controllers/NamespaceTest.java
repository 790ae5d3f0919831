package io.kubra.controllers;

import static io.kubra.controllers.Workloads.deployment;
import static io.kubra.controllers.Workloads.pod;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.apps.v1.Deployment;
import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.core.v1.Namespace;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.ServiceAccount;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.meta.v1.OwnerReference;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a namespace gets, and how it and objects without owners go. */
class NamespaceTest {
  @AutoClose private static final ControlledCluster cluster = new ControlledCluster();
  private static final ResourceClient<ConfigMap> maps = cluster.resource(ConfigMap.RESOURCE);

  @Test
  void aNewNamespaceGetsItsAccountAndTheRootCertificate() {
    String namespace = cluster.namespace();
    await()
        .untilAsserted(
            () ->
                assertThat(maps.get(namespace, "kube-root-ca.crt").data())
                    .isEqualTo(Map.of("ca.crt", ControlledCluster.ROOT_CA)));
    assertThat(cluster.resource(ServiceAccount.RESOURCE).find(namespace, "default")).isPresent();
  }

  @Test
  void theRootCertificateComesBackWhenItIsChangedOrDeleted() {
    String namespace = cluster.namespace();
    await().until(() -> maps.find(namespace, "kube-root-ca.crt").isPresent());
    maps.patch(
        namespace,
        "kube-root-ca.crt",
        PatchType.MERGE,
        "{\"data\":{\"ca.crt\":\"forged\"}}".getBytes(UTF_8),
        null);
    await()
        .untilAsserted(
            () ->
                assertThat(maps.get(namespace, "kube-root-ca.crt").data())
                    .containsEntry("ca.crt", ControlledCluster.ROOT_CA));
    maps.delete(namespace, "kube-root-ca.crt");
    await().until(() -> maps.find(namespace, "kube-root-ca.crt").isPresent());
  }

  @Test
  void deletingANamespaceDeletesWhatIsInIt() {
    String namespace = cluster.namespace();
    cluster.resource(Deployment.RESOURCE).create(deployment(namespace, "web", 2, FakeKubelet.GOOD));
    maps.create(map(namespace, "settings"));
    await().untilAsserted(() -> assertThat(cluster.list(Pod.RESOURCE, namespace)).hasSize(2));

    cluster.resource(Namespace.RESOURCE).delete("", namespace);

    await().until(() -> cluster.resource(Namespace.RESOURCE).find("", namespace).isEmpty());
    assertThat(cluster.list(Pod.RESOURCE, namespace)).isEmpty();
    assertThat(cluster.list(ConfigMap.RESOURCE, namespace)).isEmpty();
    assertThat(cluster.list(Deployment.RESOURCE, namespace)).isEmpty();
  }

  @Test
  void aNamespaceSaysWhichFinalizersKeepIt() {
    String namespace = cluster.namespace();
    ConfigMap held = map(namespace, "held");
    maps.create(
        held.withMetadata(
            held.metadata().toBuilder().finalizers(List.of("test.kubra.io/hold")).build()));

    cluster.resource(Namespace.RESOURCE).delete("", namespace);

    await()
        .untilAsserted(
            () ->
                assertThat(
                        cluster
                            .resource(Namespace.RESOURCE)
                            .get("", namespace)
                            .status()
                            .conditions())
                    .anySatisfy(
                        c -> {
                          assertThat(c.type()).isEqualTo("NamespaceFinalizersRemaining");
                          assertThat(c.status()).isEqualTo("True");
                          assertThat(c.message()).contains("test.kubra.io/hold in 1 resource");
                        }));
    maps.patch(
        namespace,
        "held",
        PatchType.MERGE,
        "{\"metadata\":{\"finalizers\":null}}".getBytes(UTF_8),
        null);
    await().until(() -> maps.find(namespace, "held").isEmpty());
  }

  @Test
  void anObjectWhoseOwnerNeverExistedIsCollected() {
    String namespace = cluster.namespace();
    maps.create(owned(namespace, "stray", "missing", "0d9a6c5e-0000-4000-8000-000000000000"));
    await().until(() -> maps.find(namespace, "stray").isEmpty());
  }

  @Test
  void anObjectGoesWithItsLastOwner() {
    String namespace = cluster.namespace();
    String one = maps.create(map(namespace, "one")).metadata().uid();
    String two = maps.create(map(namespace, "two")).metadata().uid();
    ConfigMap child = owned(namespace, "child", "one", one);
    List<OwnerReference> both =
        List.of(child.metadata().ownerReferences().getFirst(), reference("two", two));
    maps.create(child.withMetadata(child.metadata().toBuilder().ownerReferences(both).build()));

    maps.delete(namespace, "one");
    await()
        .untilAsserted(
            () ->
                assertThat(maps.get(namespace, "child").metadata().ownerReferences())
                    .extracting(OwnerReference::uid)
                    .containsExactly(two));
    maps.delete(namespace, "two");
    await().until(() -> maps.find(namespace, "child").isEmpty());
  }

  @Test
  void anObjectWithoutOwnersIsLeftAlone() {
    String namespace = cluster.namespace();
    cluster.resource(Pod.RESOURCE).create(pod(namespace, "alone", FakeKubelet.GOOD));
    maps.create(owned(namespace, "stray", "missing", "0d9a6c5e-0000-4000-8000-000000000001"));
    await().until(() -> maps.find(namespace, "stray").isEmpty());
    assertThat(cluster.resource(Pod.RESOURCE).find(namespace, "alone")).isPresent();
  }

  private static ConfigMap map(String namespace, String name) {
    return ConfigMap.builder()
        .metadata(ObjectMeta.builder().namespace(namespace).name(name).build())
        .build();
  }

  private static ConfigMap owned(String namespace, String name, String owner, String uid) {
    ConfigMap map = map(namespace, name);
    return map.withMetadata(
        map.metadata().toBuilder().ownerReferences(List.of(reference(owner, uid))).build());
  }

  private static OwnerReference reference(String name, String uid) {
    return OwnerReference.builder().apiVersion("v1").kind("ConfigMap").name(name).uid(uid).build();
  }
}
