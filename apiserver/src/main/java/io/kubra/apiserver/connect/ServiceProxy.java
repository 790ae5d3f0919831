package io.kubra.apiserver.connect;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.request.ConnectHandler;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.transport.http.HttpClient;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Serves {@code services/proxy}: HTTP to one of the ready endpoints of a service. */
public final class ServiceProxy implements ConnectHandler {
  private static final GroupResource SERVICES = new GroupResource("", "services");
  private final ObjectReader objects;
  private final HttpClient client;

  public ServiceProxy(ObjectReader objects, HttpClient client) {
    this.objects = objects;
    this.client = client;
  }

  @Override
  public void connect(RequestContext context) throws IOException {
    ProxyTarget target = ProxyTarget.parse("service", context.info().name());
    String namespace = context.info().namespace();
    Map<String, Object> service = objects.get(SERVICES, namespace, target.name());
    if (service == null) {
      throw ApiException.notFound("", "services", target.name());
    }
    String portName = portName(service, target);
    List<URI> candidates = new ArrayList<>();
    for (Map<String, Object> slice : ServiceEndpoints.slices(objects, namespace, target.name())) {
      ServiceEndpoints.addReady(slice, portName, target.schemeOrHttp(), candidates);
    }
    if (candidates.isEmpty()) {
      throw ApiException.serviceUnavailable(
          "no endpoints available for service \"%s\"".formatted(context.info().name()));
    }
    URI base = candidates.get(ThreadLocalRandom.current().nextInt(candidates.size()));
    ReverseProxy.forward(context, client, base);
  }

  /** The name of the port that was asked for, by name or by number. */
  private static String portName(Map<String, Object> service, ProxyTarget target) {
    List<Map<String, Object>> ports = Trees.maps(service, "spec", "ports");
    if (target.port().isEmpty()) {
      return ports.size() == 1 ? Trees.stringOr(ports.getFirst(), "", "name") : "";
    }
    for (Map<String, Object> port : ports) {
      String name = Trees.stringOr(port, "", "name");
      if (name.equals(target.port())
          || String.valueOf(Trees.integerOr(port, 0, "port")).equals(target.port())) {
        return name;
      }
    }
    throw ApiException.serviceUnavailable(
        "no service port \"%s\" found for service \"%s\"".formatted(target.port(), target.name()));
  }
}
