package io.kubra.controllers.nodeipam;

import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.model.core.v1.Node;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;

/** Gives each node a part of the pods' network, by default a /24 (RangeAllocator's rules). */
public final class NodeIpamController implements AutoCloseable {
  private static final String ACCOUNT = "node-controller";
  private final SharedInformer<Node> nodes;
  private final ResourceClient<Node> client;
  private final EventRecorder events;
  private final Ranges ranges;
  private final Controller controller;

  /**
   * Starts the controller.
   *
   * @param podNetwork the network of all pods in CIDR notation
   * @param nodeMask the length of a node's prefix
   */
  public NodeIpamController(ControllerContext context, String podNetwork, int nodeMask) {
    this.nodes = context.informers().informer(Node.RESOURCE);
    this.client = context.client(ACCOUNT).resource(Node.RESOURCE);
    this.events = context.recorder(ACCOUNT, "cidrAllocator");
    this.ranges = Ranges.of(podNetwork, nodeMask);
    // One worker, so that no range is given twice.
    this.controller = context.controller("cidrallocator_node", 1, this::reconcile);
    controller.watch(nodes).start();
  }

  private Duration reconcile(String name) {
    Node node = nodes.get("", name);
    if (node == null
        || node.metadata().deletionTimestamp() != null
        || (node.spec().podCIDR() != null && !node.spec().podCIDR().isEmpty())) {
      return Duration.ZERO;
    }
    Node latest = client.get("", name);
    if (latest.spec().podCIDR() != null && !latest.spec().podCIDR().isEmpty()) {
      return Duration.ZERO;
    }
    BitSet taken = new BitSet();
    // The informer may lag behind what this controller wrote: the server's list does not.
    for (Node other : client.list("", io.kubra.client.ListOptions.ALL).items()) {
      int index = ranges.indexOf(other.spec().podCIDR());
      if (index >= 0) {
        taken.set(index);
      }
    }
    int free = taken.nextClearBit(0);
    if (free >= ranges.count()) {
      events.warning(node, "CIDRNotAvailable", "Node " + name + " status is now: CIDRNotAvailable");
      return Duration.ofMinutes(1);
    }
    String range = ranges.range(free);
    String patch = "{\"spec\":{\"podCIDR\":\"%1$s\",\"podCIDRs\":[\"%1$s\"]}}".formatted(range);
    client.patch("", name, PatchType.STRATEGIC, patch.getBytes(StandardCharsets.UTF_8), null);
    return Duration.ZERO;
  }

  @Override
  public void close() {
    controller.close();
  }
}
