package io.kubra.controllers.endpointslice;

import io.kubra.client.ResourceClient;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.match.Selectors;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Owners;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Service;
import io.kubra.model.discovery.v1.Endpoint;
import io.kubra.model.discovery.v1.EndpointPort;
import io.kubra.model.discovery.v1.EndpointSlice;
import io.kubra.model.meta.v1.ObjectMeta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Publishes the pods that each Service selects as EndpointSlices of at most 100 endpoints. Slices
 * that need not change are left alone, so that a change of one pod touches one slice.
 */
public final class EndpointSliceController implements AutoCloseable {
  private static final String ACCOUNT = "endpointslice-controller";
  static final String SERVICE_NAME = "kubernetes.io/service-name";
  static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  static final String SELF = "endpointslice-controller.k8s.io";
  private static final String HEADLESS = "service.kubernetes.io/headless";
  private static final int LARGEST = 100;
  private static final String BY_SERVICE = "slices-by-service";

  private final SharedInformer<Service> services;
  private final SharedInformer<Pod> pods;
  private final SharedInformer<Node> nodes;
  private final SharedInformer<EndpointSlice> slices;
  private final ResourceClient<EndpointSlice> client;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public EndpointSliceController(ControllerContext context) {
    this.services = context.informers().informer(Service.RESOURCE);
    this.pods = context.informers().informer(Pod.RESOURCE);
    this.nodes = context.informers().informer(Node.RESOURCE);
    this.slices =
        context
            .informers()
            .informer(EndpointSlice.RESOURCE)
            .index(BY_SERVICE, EndpointSliceController::serviceOf);
    this.client = context.client(ACCOUNT).resource(EndpointSlice.RESOURCE);
    this.controller = context.controller("endpoint_slice", 5, this::reconcile);
    controller
        .watch(services)
        .watch(pods, pod -> Selection.servicesOf(pod, services))
        .watch(slices, EndpointSliceController::serviceOf)
        .needs(nodes)
        .start();
  }

  private static List<String> serviceOf(EndpointSlice slice) {
    String service = slice.metadata().labels().get(SERVICE_NAME);
    return service != null && SELF.equals(slice.metadata().labels().get(MANAGED_BY))
        ? List.of(slice.metadata().namespace() + "/" + service)
        : List.of();
  }

  private Duration reconcile(String key) {
    Service service = services.getByKey(key);
    List<EndpointSlice> existing =
        slices.byIndex(BY_SERVICE, key).stream()
            .filter(s -> s.metadata().deletionTimestamp() == null)
            .toList();
    if (service == null
        || service.metadata().deletionTimestamp() != null
        || service.spec().selector().isEmpty()
        || "ExternalName".equals(service.spec().type())) {
      // Slices of a deleted Service go with their owner; those of one without selector are foreign.
      return Duration.ZERO;
    }
    List<EndpointSlice> left = new ArrayList<>(existing);
    Map<List<EndpointPort>, List<Endpoint>> wanted = wanted(service);
    wanted.forEach(
        (ports, endpoints) -> {
          List<EndpointSlice> same = left.stream().filter(s -> s.ports().equals(ports)).toList();
          left.removeAll(same);
          place(service, ports, endpoints, same, left);
        });
    for (EndpointSlice obsolete : left) {
      client.delete(obsolete.metadata().namespace(), obsolete.metadata().name());
    }
    return Duration.ZERO;
  }

  private Map<List<EndpointPort>, List<Endpoint>> wanted(Service service) {
    Map<List<EndpointPort>, List<Endpoint>> wanted = new LinkedHashMap<>();
    for (Pod pod : pods.list(service.metadata().namespace())) {
      if (Selectors.matchesAll(service.spec().selector(), pod.metadata().labels())
          && Selection.includes(pod)) {
        wanted
            .computeIfAbsent(Selection.ports(service, pod), p -> new ArrayList<>())
            .add(Selection.endpoint(service, pod, nodes));
      }
    }
    if (wanted.isEmpty()) {
      wanted.put(List.of(), List.of());
    }
    return wanted;
  }

  /** Keeps endpoints in the slices they are in, fills gaps, and adds or drops slices. */
  private void place(
      Service service,
      List<EndpointPort> ports,
      List<Endpoint> endpoints,
      List<EndpointSlice> existing,
      List<EndpointSlice> reusable) {
    Map<List<String>, Endpoint> open = new LinkedHashMap<>();
    endpoints.forEach(e -> open.put(e.addresses(), e));
    List<List<Endpoint>> kept = new ArrayList<>();
    for (EndpointSlice slice : existing) {
      List<Endpoint> stay = new ArrayList<>();
      Set<List<String>> seen = new HashSet<>();
      for (Endpoint old : slice.endpoints()) {
        Endpoint now = open.get(old.addresses());
        if (now != null && seen.add(old.addresses())) {
          stay.add(now);
          open.remove(old.addresses());
        }
      }
      kept.add(stay);
    }
    List<Endpoint> rest = new ArrayList<>(open.values());
    for (int i = 0; i < existing.size(); i++) {
      List<Endpoint> stay = kept.get(i);
      while (stay.size() < LARGEST && !rest.isEmpty()) {
        stay.add(rest.removeFirst());
      }
      boolean superfluous = stay.isEmpty() && (existing.size() > 1 || !ports.isEmpty());
      if (superfluous) {
        reusable.add(existing.get(i));
      } else {
        update(service, existing.get(i), ports, stay);
      }
    }
    boolean none = existing.isEmpty() && rest.isEmpty();
    while (!rest.isEmpty() || none) {
      none = false;
      List<Endpoint> part = rest.subList(0, Math.min(LARGEST, rest.size()));
      if (reusable.isEmpty()) {
        client.create(slice(service, ports, List.copyOf(part)));
      } else {
        update(service, reusable.removeFirst(), ports, List.copyOf(part));
      }
      part.clear();
    }
  }

  private void update(
      Service service, EndpointSlice old, List<EndpointPort> ports, List<Endpoint> endpoints) {
    Map<String, String> labels = labels(service);
    EndpointSlice slice =
        old.toBuilder()
            .metadata(
                old.metadata().toBuilder()
                    .labels(labels)
                    .ownerReferences(List.of(Owners.controllerReference(service)))
                    .build())
            .ports(ports)
            .endpoints(endpoints)
            .build();
    if (!slice.equals(old)) {
      client.update(slice);
    }
  }

  private static Map<String, String> labels(Service service) {
    Map<String, String> labels = new LinkedHashMap<>(service.metadata().labels());
    labels.keySet().remove(HEADLESS);
    if ("None".equals(service.spec().clusterIP())) {
      labels.put(HEADLESS, "");
    }
    labels.put(SERVICE_NAME, service.metadata().name());
    labels.put(MANAGED_BY, SELF);
    return labels;
  }

  private static EndpointSlice slice(
      Service service, List<EndpointPort> ports, List<Endpoint> endpoints) {
    return EndpointSlice.builder()
        .metadata(
            ObjectMeta.builder()
                .generateName(service.metadata().name() + "-")
                .namespace(service.metadata().namespace())
                .labels(labels(service))
                .ownerReferences(List.of(Owners.controllerReference(service)))
                .build())
        .addressType("IPv4")
        .ports(ports)
        .endpoints(endpoints)
        .build();
  }

  @Override
  public void close() {
    controller.close();
  }
}
