package io.kubra.controllers.nodelifecycle;

import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.match.Tolerations;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodCondition;
import io.kubra.model.core.v1.Taint;
import io.kubra.model.core.v1.Toleration;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deletes pods from nodes whose NoExecute taints they do not tolerate, or no longer tolerate. */
public final class TaintEvictionController implements AutoCloseable {
  private static final String ACCOUNT = "node-controller";
  private final SharedInformer<Node> nodes;
  private final SharedInformer<Pod> pods;
  private final ResourceClient<Pod> client;
  private final EventRecorder events;
  private final InstantSource clock;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public TaintEvictionController(ControllerContext context) {
    this.nodes = context.informers().informer(Node.RESOURCE);
    this.pods =
        context
            .informers()
            .informer(Pod.RESOURCE)
            .index(
                "taint-node",
                p -> p.spec().nodeName() == null ? List.of() : List.of(p.spec().nodeName()));
    this.client = context.client(ACCOUNT).resource(Pod.RESOURCE);
    this.events = context.recorder(ACCOUNT, "taint-eviction-controller");
    this.clock = context.clock();
    this.controller = context.controller("noexec_taint_node", 2, this::reconcile);
    controller
        .watch(pods)
        .watch(
            nodes,
            n -> pods.byIndex("taint-node", n.metadata().name()).stream().map(Pod::key).toList())
        .start();
  }

  private Duration reconcile(String key) {
    Pod pod = pods.getByKey(key);
    if (pod == null || pod.spec().nodeName() == null || Pods.terminating(pod)) {
      return Duration.ZERO;
    }
    Node node = nodes.get("", pod.spec().nodeName());
    if (node == null) {
      return Duration.ZERO;
    }
    Instant leave = leaveAt(pod, node);
    if (leave == null) {
      return Duration.ZERO;
    }
    Duration wait = Duration.between(clock.instant(), leave);
    if (wait.isPositive()) {
      return wait;
    }
    evict(pod);
    return Duration.ZERO;
  }

  /** When the pod has to go, or null if it may stay. */
  private @Nullable Instant leaveAt(Pod pod, Node node) {
    Instant leave = null;
    for (Taint taint : node.spec().taints()) {
      if (!taint.effect().equals("NoExecute")) {
        continue;
      }
      Instant added = taint.timeAdded() == null ? clock.instant() : taint.timeAdded();
      boolean tolerated = false;
      for (Toleration toleration : pod.spec().tolerations()) {
        if (!Tolerations.tolerates(toleration, taint)) {
          continue;
        }
        tolerated = true;
        Long seconds = toleration.tolerationSeconds();
        if (seconds != null) {
          Instant end = added.plusSeconds(Math.max(0, seconds));
          leave = leave == null || end.isBefore(leave) ? end : leave;
        }
      }
      if (!tolerated) {
        return Instant.EPOCH;
      }
    }
    return leave;
  }

  private void evict(Pod pod) {
    events.normal(pod, "TaintManagerEviction", "Marking for deletion Pod " + pod.key());
    List<PodCondition> conditions = new ArrayList<>(pod.status().conditions());
    conditions.removeIf(c -> c.type().equals("DisruptionTarget"));
    conditions.add(
        PodCondition.builder()
            .type("DisruptionTarget")
            .status("True")
            .reason("DeletionByTaintManager")
            .message("Taint manager: deleting due to NoExecute taint")
            .lastTransitionTime(clock.instant())
            .build());
    client.updateStatus(pod.withStatus(pod.status().toBuilder().conditions(conditions).build()));
    client.delete(pod.metadata().namespace(), pod.metadata().name());
  }

  @Override
  public void close() {
    controller.close();
  }
}
