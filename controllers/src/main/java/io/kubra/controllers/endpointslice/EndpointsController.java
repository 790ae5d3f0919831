package io.kubra.controllers.endpointslice;

import io.kubra.client.ResourceClient;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.match.Selectors;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.core.v1.EndpointAddress;
import io.kubra.model.core.v1.EndpointPort;
import io.kubra.model.core.v1.EndpointSubset;
import io.kubra.model.core.v1.Endpoints;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Service;
import io.kubra.model.discovery.v1.Endpoint;
import io.kubra.model.meta.v1.ObjectMeta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Publishes the same in the older form, one Endpoints object a Service, for clients that read it.
 */
public final class EndpointsController implements AutoCloseable {
  private static final String ACCOUNT = "endpoint-controller";
  private static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
  private static final int LARGEST = 1000;

  private final SharedInformer<Service> services;
  private final SharedInformer<Pod> pods;
  private final SharedInformer<Node> nodes;
  private final SharedInformer<Endpoints> endpoints;
  private final ResourceClient<Endpoints> client;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public EndpointsController(ControllerContext context) {
    this.services = context.informers().informer(Service.RESOURCE);
    this.pods = context.informers().informer(Pod.RESOURCE);
    this.nodes = context.informers().informer(Node.RESOURCE);
    this.endpoints = context.informers().informer(Endpoints.RESOURCE);
    this.client = context.client(ACCOUNT).resource(Endpoints.RESOURCE);
    this.controller = context.controller("endpoint", 5, this::reconcile);
    controller
        .watch(services)
        .watch(pods, pod -> Selection.servicesOf(pod, services))
        .watch(endpoints)
        .needs(nodes)
        .start();
  }

  private Duration reconcile(String key) {
    Service service = services.getByKey(key);
    Endpoints existing = endpoints.getByKey(key);
    if (service == null) {
      if (existing != null && existing.metadata().labels().containsKey(MANAGED_BY)) {
        client.delete(existing.metadata().namespace(), existing.metadata().name());
      }
      return Duration.ZERO;
    }
    if (service.spec().selector().isEmpty() || "ExternalName".equals(service.spec().type())) {
      return Duration.ZERO;
    }
    List<EndpointSubset> subsets = subsets(service);
    Map<String, String> labels = new LinkedHashMap<>(service.metadata().labels());
    labels.put(MANAGED_BY, "endpoint-controller");
    if (existing == null) {
      client.create(
          Endpoints.builder()
              .metadata(
                  ObjectMeta.builder()
                      .namespace(service.metadata().namespace())
                      .name(service.metadata().name())
                      .labels(labels)
                      .build())
              .subsets(subsets)
              .build());
    } else if (!existing.subsets().equals(subsets)
        || !existing.metadata().labels().equals(labels)) {
      client.update(
          existing.toBuilder()
              .metadata(existing.metadata().toBuilder().labels(labels).build())
              .subsets(subsets)
              .build());
    }
    return Duration.ZERO;
  }

  private List<EndpointSubset> subsets(Service service) {
    Map<List<EndpointPort>, List<List<EndpointAddress>>> byPorts = new LinkedHashMap<>();
    pods.list(service.metadata().namespace()).stream()
        .filter(p -> Selectors.matchesAll(service.spec().selector(), p.metadata().labels()))
        .filter(p -> Selection.includes(p) && !Pods.terminating(p))
        .sorted(Comparator.comparing(p -> String.valueOf(p.status().podIP())))
        .limit(LARGEST)
        .forEach(pod -> add(service, pod, byPorts));
    List<EndpointSubset> subsets = new ArrayList<>();
    byPorts.forEach(
        (ports, addresses) ->
            subsets.add(
                EndpointSubset.builder()
                    .addresses(addresses.get(0))
                    .notReadyAddresses(addresses.get(1))
                    .ports(ports)
                    .build()));
    return subsets;
  }

  private void add(
      Service service, Pod pod, Map<List<EndpointPort>, List<List<EndpointAddress>>> byPorts) {
    Endpoint endpoint = Selection.endpoint(service, pod, nodes);
    List<EndpointPort> ports =
        Selection.ports(service, pod).stream()
            .map(
                p ->
                    EndpointPort.builder()
                        .name(p.name() == null || p.name().isEmpty() ? null : p.name())
                        .port(p.port() == null ? 0 : p.port())
                        .protocol(p.protocol())
                        .appProtocol(p.appProtocol())
                        .build())
            .toList();
    EndpointAddress address =
        EndpointAddress.builder()
            .ip(endpoint.addresses().getFirst())
            .hostname(endpoint.hostname())
            .nodeName(endpoint.nodeName())
            .targetRef(endpoint.targetRef())
            .build();
    boolean ready =
        endpoint.conditions() != null && Boolean.TRUE.equals(endpoint.conditions().ready());
    byPorts
        .computeIfAbsent(ports, p -> List.of(new ArrayList<>(), new ArrayList<>()))
        .get(ready ? 0 : 1)
        .add(address);
  }

  @Override
  public void close() {
    controller.close();
  }
}
