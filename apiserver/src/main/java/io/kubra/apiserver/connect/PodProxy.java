package io.kubra.apiserver.connect;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.request.ConnectHandler;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.transport.http.HttpClient;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** Serves {@code pods/proxy}: HTTP to a port of a pod. */
public final class PodProxy implements ConnectHandler {
  private final ObjectReader objects;
  private final HttpClient client;

  public PodProxy(ObjectReader objects, HttpClient client) {
    this.objects = objects;
    this.client = client;
  }

  @Override
  public void connect(RequestContext context) throws IOException {
    ProxyTarget target = ProxyTarget.parse("pod", context.info().name());
    Map<String, Object> pod = PodContainers.pod(objects, context.info().namespace(), target.name());
    String address = Trees.stringOr(pod, "", "status", "podIP");
    if (address.isEmpty()) {
      throw ApiException.serviceUnavailable("address not allowed");
    }
    String port = target.port().isEmpty() ? firstPort(pod) : target.port();
    ReverseProxy.forward(context, client, base(target.schemeOrHttp(), address, port));
  }

  private static String firstPort(Map<String, Object> pod) {
    for (Map<String, Object> container : Trees.maps(pod, "spec", "containers")) {
      for (Map<String, Object> port : Trees.maps(container, "ports")) {
        return String.valueOf(Trees.integerOr(port, 80, "containerPort"));
      }
    }
    return "";
  }

  static URI base(String scheme, String address, String port) {
    String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
    try {
      return URI.create(scheme + "://" + host + (port.isEmpty() ? "" : ":" + port));
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest("invalid port \"%s\"".formatted(port));
    }
  }
}
