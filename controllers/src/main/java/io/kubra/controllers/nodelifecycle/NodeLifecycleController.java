package io.kubra.controllers.nodelifecycle;

import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.coordination.v1.Lease;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.NodeCondition;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodCondition;
import io.kubra.model.core.v1.Taint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches over nodes: one whose Lease and status stay unrenewed for the grace period gets unknown
 * conditions, conditions become taints, and the pods of a node that is lost are marked not ready.
 * Times are measured on this controller's clock from when it saw the last renewal.
 */
public final class NodeLifecycleController implements AutoCloseable {
  private static final String ACCOUNT = "node-controller";
  static final String NOT_READY = "node.kubernetes.io/not-ready";
  static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final Duration GRACE = Duration.ofSeconds(50);
  private static final String LEASES = "kube-node-lease";

  // Condition, the status that taints, and the taint.
  private record Rule(String condition, String status, String taint) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule("Ready", "False", NOT_READY),
          new Rule("Ready", "Unknown", UNREACHABLE),
          new Rule("MemoryPressure", "True", "node.kubernetes.io/memory-pressure"),
          new Rule("DiskPressure", "True", "node.kubernetes.io/disk-pressure"),
          new Rule("PIDPressure", "True", "node.kubernetes.io/pid-pressure"),
          new Rule("NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable"));
  private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
  private static final Set<String> LOST = Set.of(NOT_READY, UNREACHABLE);

  private record Health(Instant seen, Object sign) {}

  private final SharedInformer<Node> nodes;
  private final SharedInformer<Lease> leases;
  private final SharedInformer<Pod> pods;
  private final ResourceClient<Node> client;
  private final ResourceClient<Pod> podClient;
  private final EventRecorder events;
  private final InstantSource clock;
  private final Map<String, Health> health = new ConcurrentHashMap<>();
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public NodeLifecycleController(ControllerContext context) {
    this.nodes = context.informers().informer(Node.RESOURCE);
    this.leases = context.informers().informer(Lease.RESOURCE);
    this.pods =
        context.informers().informer(Pod.RESOURCE).index("node", NodeLifecycleController::node);
    this.client = context.client(ACCOUNT).resource(Node.RESOURCE);
    this.podClient = context.client(ACCOUNT).resource(Pod.RESOURCE);
    this.events = context.recorder(ACCOUNT, "node-controller");
    this.clock = context.clock();
    this.controller = context.controller("node_lifecycle_controller", 2, this::reconcile);
    controller.needs(leases).needs(pods).watch(nodes).start();
  }

  private static List<String> node(Pod pod) {
    return pod.spec().nodeName() == null ? List.of() : List.of(pod.spec().nodeName());
  }

  private Duration reconcile(String name) {
    Node node = nodes.get("", name);
    if (node == null) {
      health.remove(name);
      return Duration.ZERO;
    }
    Node observed = observe(node);
    taint(observed);
    String ready = status(observed, "Ready");
    if (!ready.equals("True")) {
      markPods(name);
    }
    return PERIOD;
  }

  /** Replaces conditions by Unknown when the node has been silent for too long. */
  private Node observe(Node node) {
    String name = node.metadata().name();
    Lease lease = leases.get(LEASES, name);
    Object sign =
        List.of(
            lease == null || lease.spec().renewTime() == null ? "" : lease.spec().renewTime(),
            String.valueOf(heartbeat(node)));
    Health known = health.get(name);
    Instant now = clock.instant();
    if (known == null || !known.sign().equals(sign)) {
      health.put(name, new Health(now, sign));
      return node;
    }
    if (now.isBefore(known.seen().plus(GRACE)) || status(node, "Ready").equals("Unknown")) {
      return node;
    }
    List<NodeCondition> conditions = new ArrayList<>();
    for (String type : List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")) {
      NodeCondition old = condition(node, type);
      conditions.add(
          NodeCondition.builder()
              .type(type)
              .status("Unknown")
              .reason(old == null ? "NodeStatusNeverUpdated" : "NodeStatusUnknown")
              .message(
                  old == null
                      ? "Kubelet never posted node status."
                      : "Kubelet stopped posting node status.")
              .lastHeartbeatTime(old == null ? null : old.lastHeartbeatTime())
              .lastTransitionTime(now)
              .build());
    }
    for (NodeCondition other : node.status().conditions()) {
      if (conditions.stream().noneMatch(c -> c.type().equals(other.type()))) {
        conditions.add(other);
      }
    }
    events.normal(node, "NodeNotReady", "Node " + name + " status is now: NodeNotReady");
    return client.updateStatus(
        node.withStatus(node.status().toBuilder().conditions(conditions).build()));
  }

  private static @org.jspecify.annotations.Nullable Instant heartbeat(Node node) {
    NodeCondition ready = condition(node, "Ready");
    return ready == null ? null : ready.lastHeartbeatTime();
  }

  private static @org.jspecify.annotations.Nullable NodeCondition condition(
      Node node, String type) {
    for (NodeCondition c : node.status().conditions()) {
      if (c.type().equals(type)) {
        return c;
      }
    }
    return null;
  }

  private static String status(Node node, String type) {
    NodeCondition condition = condition(node, type);
    return condition == null ? (type.equals("Ready") ? "Unknown" : "False") : condition.status();
  }

  /** Makes the node's taints follow its conditions; taints of others are left as they are. */
  private void taint(Node node) {
    Map<String, Taint> wanted = new LinkedHashMap<>();
    for (Taint taint : node.spec().taints()) {
      if (!ours(taint)) {
        wanted.put(taint.key() + ":" + taint.effect(), taint);
      }
    }
    for (Rule rule : RULES) {
      if (status(node, rule.condition).equals(rule.status)) {
        add(wanted, node, rule.taint, "NoSchedule");
        if (LOST.contains(rule.taint)) {
          add(wanted, node, rule.taint, "NoExecute");
        }
      }
    }
    if (Boolean.TRUE.equals(node.spec().unschedulable())) {
      add(wanted, node, UNSCHEDULABLE, "NoSchedule");
    }
    List<Taint> taints = List.copyOf(wanted.values());
    if (!Set.copyOf(taints).equals(Set.copyOf(node.spec().taints()))) {
      client.update(node.withSpec(node.spec().toBuilder().taints(taints).build()));
    }
  }

  private static boolean ours(Taint taint) {
    return taint.key().equals(UNSCHEDULABLE)
        || RULES.stream().anyMatch(r -> r.taint.equals(taint.key()));
  }

  private void add(Map<String, Taint> wanted, Node node, String key, String effect) {
    for (Taint taint : node.spec().taints()) {
      if (taint.key().equals(key) && taint.effect().equals(effect)) {
        wanted.put(key + ":" + effect, taint);
        return;
      }
    }
    wanted.put(
        key + ":" + effect,
        Taint.builder().key(key).effect(effect).timeAdded(clock.instant()).build());
  }

  private void markPods(String node) {
    for (Pod pod : pods.byIndex("node", node)) {
      PodCondition ready = Pods.condition(pod, "Ready");
      if (ready == null || !ready.status().equals("True")) {
        continue;
      }
      List<PodCondition> conditions = new ArrayList<>(pod.status().conditions());
      conditions.replaceAll(
          c ->
              c.type().equals("Ready")
                  ? c.toBuilder().status("False").lastTransitionTime(clock.instant()).build()
                  : c);
      podClient.updateStatus(
          pod.withStatus(pod.status().toBuilder().conditions(conditions).build()));
      events.warning(pod, "NodeNotReady", "Node is not ready");
    }
  }

  @Override
  public void close() {
    controller.close();
  }
}
