package io.kubra.controllers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.runtime.Controller;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.meta.v1.DeleteOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a kubelet would report, without containers: pods whose first image is {@value #GOOD} become
 * ready, pods on a node that are deleted go away at once.
 */
final class FakeKubelet implements AutoCloseable {
  static final String GOOD = "good";

  private final ResourceClient<Pod> pods;
  private final SharedInformer<Pod> informer;
  private final AtomicInteger addresses = new AtomicInteger();
  private final Controller controller = new Controller("kubelet", 2, this::reconcile);

  FakeKubelet(ApiClient client) {
    pods = client.resource(Pod.RESOURCE);
    informer = new SharedInformer<>(pods, "", ListOptions.ALL);
    controller.watch(informer).start();
    informer.start();
  }

  private Duration reconcile(String key) {
    Pod pod = informer.getByKey(key);
    if (pod == null) {
      return Duration.ZERO;
    }
    String namespace = pod.metadata().namespace();
    String name = pod.metadata().name();
    if (pod.metadata().deletionTimestamp() != null) {
      pods.delete(namespace, name, DeleteOptions.builder().gracePeriodSeconds(0L).build());
    } else if (GOOD.equals(pod.spec().containers().getFirst().image())
        && pod.status().podIP() == null) {
      ready(namespace, name, true);
    }
    return Duration.ZERO;
  }

  /** Reports a pod as running, ready or not. */
  void ready(String namespace, String name, boolean ready) {
    int n = addresses.incrementAndGet();
    String patch =
        """
        {"status":{"phase":"Running","podIP":"10.244.%1$d.%2$d","podIPs":[{"ip":"10.244.%1$d.%2$d"}],
         "conditions":[{"type":"Ready","status":"%3$s","lastTransitionTime":"%4$s"}]}}
        """
            .formatted(n / 250, 1 + n % 250, ready ? "True" : "False", Instant.now());
    pods.patch(namespace, name, PatchType.STRATEGIC, patch.getBytes(UTF_8), "status");
  }

  @Override
  public void close() {
    controller.close();
    informer.close();
  }
}
