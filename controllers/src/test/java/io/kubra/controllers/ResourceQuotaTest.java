package io.kubra.controllers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubra.api.status.ApiException;
import io.kubra.client.ResourceClient;
import io.kubra.model.Codec;
import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.ResourceQuota;
import io.kubra.model.meta.v1.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ResourceQuotaTest {
  @AutoClose private static final ControlledCluster cluster = new ControlledCluster();
  private static final ResourceClient<ResourceQuota> quotas =
      cluster.resource(ResourceQuota.RESOURCE);

  private final String namespace = cluster.namespace();

  @Test
  void podsBeyondTheQuotaAreRefusedUntilOthersGo() {
    quota("\"hard\":{\"pods\":\"1\",\"requests.cpu\":\"500m\"}");
    pod("a", "300m");
    assertThatThrownBy(() -> pod("b", "300m"))
        .hasMessage(
            "pods \"b\" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=300m, used:"
                + " pods=1,requests.cpu=300m, limited: pods=1,requests.cpu=500m");
    assertThat(quotas.get(namespace, "q").status().used())
        .containsEntry("pods", "1")
        .containsEntry("requests.cpu", "300m");
    cluster.resource(Pod.RESOURCE).delete(namespace, "a");
    await().until(() -> "0".equals(quotas.get(namespace, "q").status().used().get("pods")));
    pod("b", "300m");
  }

  @Test
  void podsMustSayWhatTheQuotaLimits() {
    quota("\"hard\":{\"limits.memory\":\"1Gi\"}");
    assertThatThrownBy(() -> pod("a", "1"))
        .hasMessage(
            "pods \"a\" is forbidden: failed quota: q: must specify limits.memory for: main");
  }

  @Test
  void aQuotaCountsOnlyWhatIsInItsScopes() {
    quota("\"scopes\":[\"BestEffort\"],\"hard\":{\"pods\":\"1\"}");
    pod("a", "100m");
    pod("b", "100m");
    cluster.resource(Pod.RESOURCE).create(Workloads.pod(namespace, "c", "good"));
    assertThatThrownBy(
            () -> cluster.resource(Pod.RESOURCE).create(Workloads.pod(namespace, "d", "good")))
        .hasMessageContaining("exceeded quota: q");
  }

  @Test
  void manyAtOnceDoNotOvershoot() throws InterruptedException {
    quota("\"hard\":{\"count/configmaps\":\"6\"}");
    AtomicInteger refused = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      ConfigMap map =
          ConfigMap.builder()
              .metadata(ObjectMeta.builder().namespace(namespace).name("m" + i).build())
              .build();
      threads.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  cluster.resource(ConfigMap.RESOURCE).create(map);
                } catch (ApiException e) {
                  refused.incrementAndGet();
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    // One is there from the start: the root certificate.
    assertThat(cluster.list(ConfigMap.RESOURCE, namespace)).hasSize(6);
    assertThat(refused).hasValue(7);
  }

  private void quota(String spec) {
    String json =
        "{\"metadata\":{\"name\":\"q\",\"namespace\":\"%s\"},\"spec\":{%s}}"
            .formatted(namespace, spec);
    await()
        .until(
            () ->
                cluster
                    .resource(ConfigMap.RESOURCE)
                    .find(namespace, "kube-root-ca.crt")
                    .isPresent());
    quotas.create(Codec.read(json.getBytes(UTF_8), ResourceQuota::read));
    await().until(() -> !quotas.get(namespace, "q").status().hard().isEmpty());
  }

  private void pod(String name, String cpu) {
    String json =
        """
        {"metadata":{"name":"%s","namespace":"%s"},"spec":{"containers":[{"name":"main",
          "image":"good","resources":{"requests":{"cpu":"%s"}}}]}}
        """
            .formatted(name, namespace, cpu);
    cluster.resource(Pod.RESOURCE).create(Codec.read(json.getBytes(UTF_8), Pod::read));
  }
}
