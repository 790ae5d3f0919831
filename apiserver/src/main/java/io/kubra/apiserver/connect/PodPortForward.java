package io.kubra.apiserver.connect;

import io.kubra.api.status.ApiException;
import io.kubra.apiserver.node.NodeConnector;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.request.ConnectHandler;
import io.kubra.apiserver.request.RequestContext;
import java.util.Map;

/** Serves {@code pods/portforward}: connections to ports inside a pod. */
public final class PodPortForward implements ConnectHandler {
  private final ObjectReader objects;
  private final NodeConnector nodes;

  public PodPortForward(ObjectReader objects, NodeConnector nodes) {
    this.objects = objects;
    this.nodes = nodes;
  }

  @Override
  public void connect(RequestContext context) {
    Map<String, Object> pod = PodContainers.pod(objects, context);
    NodeConnector.Endpoint endpoint = nodes.endpoint(PodContainers.node(pod));
    if (!Upgrades.requested(context.exchange())) {
      throw ApiException.badRequest("Upgrade request required");
    }
    NodeQuery uri =
        new NodeQuery(
            endpoint.base(), "portForward", context.info().namespace(), context.info().name());
    for (String ports : context.query().all("ports")) {
      for (String port : ports.split(",", -1)) {
        uri.add("port", port);
      }
    }
    Upgrades.pass(context.exchange(), endpoint.client(), uri.toUri());
  }
}
