package io.kubra.controllers.podgc;

import io.kubra.api.status.ApiException;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodCondition;
import io.kubra.model.core.v1.PodStatus;
import io.kubra.model.meta.v1.DeleteOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes pods whose node is gone for 40 seconds, pods that were deleted before they had a node,
 * and the oldest ended pods beyond a threshold.
 */
public final class PodGarbageController implements AutoCloseable {
  private static final String ACCOUNT = "pod-garbage-collector";
  private static final Logger LOG = LoggerFactory.getLogger(PodGarbageController.class);
  private static final Duration PERIOD = Duration.ofSeconds(20);
  private static final Duration QUARANTINE = Duration.ofSeconds(40);
  private static final int MOST_ENDED = 12_500;
  private static final String TICK = "tick";
  private static final DeleteOptions AT_ONCE =
      DeleteOptions.builder().gracePeriodSeconds(0L).build();

  private final SharedInformer<Pod> pods;
  private final SharedInformer<Node> nodes;
  private final ResourceClient<Pod> podClient;
  private final ResourceClient<Node> nodeClient;
  private final InstantSource clock;
  private final Map<String, Instant> missingNodes = new ConcurrentHashMap<>();
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public PodGarbageController(ControllerContext context) {
    this.pods = context.informers().informer(Pod.RESOURCE);
    this.nodes = context.informers().informer(Node.RESOURCE);
    this.podClient = context.client(ACCOUNT).resource(Pod.RESOURCE);
    this.nodeClient = context.client(ACCOUNT).resource(Node.RESOURCE);
    this.clock = context.clock();
    this.controller = context.controller("pod_gc", 1, this::reconcile);
    controller.needs(pods).needs(nodes).start();
    controller.enqueue(TICK);
  }

  private Duration reconcile(String tick) {
    List<Pod> ended = new ArrayList<>();
    missingNodes.keySet().removeIf(name -> nodes.get("", name) != null);
    for (Pod pod : pods.list()) {
      String node = pod.spec().nodeName();
      boolean placed = node != null && !node.isEmpty();
      if (node != null && placed && nodes.get("", node) == null) {
        if (gone(node)) {
          attempt(pod, this::deleteOrphan);
        }
      } else if (!placed && Pods.terminating(pod)) {
        attempt(pod, this::remove);
      } else if (Pods.finished(pod) && !Pods.terminating(pod)) {
        ended.add(pod);
      }
    }
    if (ended.size() > MOST_ENDED) {
      ended.sort(
          Comparator.comparing(
              (Pod p) ->
                  p.metadata().creationTimestamp() == null
                      ? Instant.MIN
                      : p.metadata().creationTimestamp()));
      ended.subList(0, ended.size() - MOST_ENDED).forEach(pod -> attempt(pod, this::remove));
    }
    return PERIOD;
  }

  /** One pod that cannot be deleted must not keep the others. */
  private static void attempt(Pod pod, Consumer<Pod> deletion) {
    try {
      deletion.accept(pod);
    } catch (ApiException e) {
      if (e.code() != 404) {
        LOG.warn("pod {} is not removed: {}", pod.key(), e.getMessage());
      }
    }
  }

  /** Whether a node has been missing for the quarantine, and is missing on the server too. */
  private boolean gone(String node) {
    Instant since = missingNodes.computeIfAbsent(node, n -> clock.instant());
    return clock.instant().isAfter(since.plus(QUARANTINE)) && nodeClient.find("", node).isEmpty();
  }

  private void deleteOrphan(Pod pod) {
    if (!Pods.finished(pod)) {
      PodCondition condition =
          PodCondition.builder()
              .type("DisruptionTarget")
              .status("True")
              .reason("DeletionByPodGC")
              .message("PodGC: node no longer exists")
              .lastTransitionTime(clock.instant())
              .build();
      PodStatus change = PodStatus.builder().phase("Failed").conditions(List.of(condition)).build();
      String patch = "{\"status\":" + new String(change.toJson(), StandardCharsets.UTF_8) + "}";
      podClient.patch(
          pod.metadata().namespace(),
          pod.metadata().name(),
          PatchType.STRATEGIC,
          patch.getBytes(StandardCharsets.UTF_8),
          "status");
    }
    remove(pod);
  }

  private void remove(Pod pod) {
    podClient.delete(pod.metadata().namespace(), pod.metadata().name(), AT_ONCE);
  }

  @Override
  public void close() {
    controller.close();
  }
}
