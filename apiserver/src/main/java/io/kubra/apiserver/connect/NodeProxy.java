package io.kubra.apiserver.connect;

import io.kubra.apiserver.node.NodeConnector;
import io.kubra.apiserver.request.ConnectHandler;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.transport.http.HttpClient;
import java.io.IOException;

/** Serves {@code nodes/proxy}: HTTP to the node's API, or to another port of the node. */
public final class NodeProxy implements ConnectHandler {
  private final NodeConnector nodes;
  private final HttpClient client;

  public NodeProxy(NodeConnector nodes, HttpClient client) {
    this.nodes = nodes;
    this.client = client;
  }

  @Override
  public void connect(RequestContext context) throws IOException {
    ProxyTarget target = ProxyTarget.parse("node", context.info().name());
    NodeConnector.Endpoint endpoint = nodes.endpoint(target.name());
    String kubeletPort = String.valueOf(endpoint.base().getPort());
    if (target.port().isEmpty() || target.port().equals(kubeletPort)) {
      ReverseProxy.forward(context, endpoint.client(), endpoint.base());
    } else {
      String host = endpoint.base().getHost();
      String address = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      ReverseProxy.forward(
          context, client, PodProxy.base(target.schemeOrHttp(), address, target.port()));
    }
  }
}
