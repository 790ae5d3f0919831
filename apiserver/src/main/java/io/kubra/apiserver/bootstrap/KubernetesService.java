package io.kubra.apiserver.bootstrap;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.PostStartHook;
import io.kubra.apiserver.work.WorkLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Service default/kubernetes with its Endpoints and EndpointSlice, through which pods reach the
 * API servers: those of the cluster that are alive, which each of them sees to.
 */
public final class KubernetesService implements PostStartHook {
  private static final Logger log = LoggerFactory.getLogger(KubernetesService.class);
  private static final String NAME = "kubernetes";
  private static final String NAMESPACE = "default";
  private static final GroupResource SERVICES = new GroupResource("", "services");
  private static final GroupResource ENDPOINTS = new GroupResource("", "endpoints");
  private static final GroupResource SLICES =
      new GroupResource("discovery.k8s.io", "endpointslices");

  private final String clusterAddress;
  private final String advertisedAddress;
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final int port;
  private final ServerLeases leases;
  private volatile @Nullable WorkLoop loop;
  private volatile @Nullable ObjectAccess access;

  /** A server that is reached at this address and port, and by pods at the cluster address. */
  public KubernetesService(String clusterAddress, String advertisedAddress, int port) {
    this.clusterAddress = clusterAddress;
    this.advertisedAddress = advertisedAddress;
    this.port = port;
    this.leases =
        new ServerLeases(advertisedAddress, port, InstantSource.system(), System::nanoTime);
  }

  @Override
  public String name() {
    return "bootstrap-controller";
  }

  @Override
  public void run(ObjectAccess objects) {
    Seeds.ensure(objects, SERVICES, NAMESPACE, NAME, service());
    reconcile(objects);
    access = objects;
    WorkLoop started =
        new WorkLoop(
            "endpoints of",
            RETRY,
            name -> {
              reconcile(objects);
              return PERIOD;
            });
    loop = started;
    started.start(() -> pause(started));
  }

  /** The first time was at the start. */
  private static void pause(WorkLoop loop) {
    try {
      Thread.sleep(PERIOD);
      loop.add(NAME);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reconcile(ObjectAccess objects) {
    leases.renew(objects);
    publish(objects, leases.alive(objects));
  }

  private void publish(ObjectAccess objects, List<String> addresses) {
    put(objects, ENDPOINTS, endpoints(addresses), "subsets");
    put(objects, SLICES, slice(addresses), "endpoints");
  }

  /** Leaves the other servers in the Service; the last one stays, as it may come back. */
  @Override
  public void stop() {
    WorkLoop running = loop;
    ObjectAccess objects = access;
    if (running == null || objects == null) {
      return;
    }
    running.close();
    Thread leave = Thread.ofVirtual().start(() -> leave(objects));
    try {
      // A store that does not answer must not hold up the end.
      leave.join(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void leave(ObjectAccess objects) {
    try {
      leases.release(objects);
      List<String> others = List.copyOf(leases.others(objects));
      if (!others.isEmpty()) {
        publish(objects, others);
      }
    } catch (RuntimeException e) {
      log.debug("the Service of the API servers still names this one: {}", e.toString());
    }
  }

  /** Creates the object, or corrects what it says about where the server is. */
  private static void put(
      ObjectAccess objects, GroupResource resource, Map<String, Object> wanted, String field) {
    Map<String, Object> existing = objects.get(resource, NAMESPACE, NAME);
    if (existing == null) {
      Seeds.ensure(objects, resource, NAMESPACE, NAME, wanted);
      return;
    }
    boolean same =
        equal(existing.get(field), wanted.get(field))
            && equal(existing.get("ports"), wanted.get("ports"));
    if (!same) {
      existing.put(field, wanted.get(field));
      if (wanted.containsKey("ports")) {
        existing.put("ports", wanted.get("ports"));
      }
      objects.update(resource, existing);
    }
  }

  private static boolean equal(@Nullable Object a, @Nullable Object b) {
    return Trees.equal(a, b);
  }

  private Map<String, Object> service() {
    Map<String, Object> service = Seeds.named(NAMESPACE, NAME);
    Trees.set(
        service, map("component", "apiserver", "provider", "kubernetes"), "metadata", "labels");
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("type", "ClusterIP");
    spec.put("clusterIP", clusterAddress);
    spec.put("clusterIPs", list(clusterAddress));
    spec.put("ipFamilyPolicy", "SingleStack");
    spec.put("ipFamilies", list(family(clusterAddress)));
    spec.put("sessionAffinity", "None");
    Map<String, Object> port = new LinkedHashMap<>();
    port.put("name", "https");
    port.put("protocol", "TCP");
    port.put("port", 443L);
    port.put("targetPort", (long) this.port);
    spec.put("ports", list(port));
    service.put("spec", spec);
    return service;
  }

  private Map<String, Object> endpoints(List<String> addresses) {
    Map<String, Object> endpoints = Seeds.named(NAMESPACE, NAME);
    Trees.set(
        endpoints, map("endpointslice.kubernetes.io/skip-mirror", "true"), "metadata", "labels");
    Map<String, Object> subset = new LinkedHashMap<>();
    subset.put(
        "addresses",
        new ArrayList<Object>(addresses.stream().map(address -> map("ip", address)).toList()));
    subset.put("ports", list(port()));
    endpoints.put("subsets", list(subset));
    return endpoints;
  }

  private Map<String, Object> slice(List<String> addresses) {
    Map<String, Object> slice = Seeds.named(NAMESPACE, NAME);
    Trees.set(slice, map("kubernetes.io/service-name", NAME), "metadata", "labels");
    slice.put("addressType", family(advertisedAddress));
    List<Object> endpoints = new ArrayList<>();
    for (String address : addresses) {
      Map<String, Object> endpoint = new LinkedHashMap<>();
      endpoint.put("addresses", list(address));
      endpoint.put("conditions", map("ready", true));
      endpoints.add(endpoint);
    }
    slice.put("endpoints", endpoints);
    slice.put("ports", list(port()));
    return slice;
  }

  private Map<String, Object> port() {
    Map<String, Object> p = new LinkedHashMap<>();
    p.put("name", "https");
    p.put("port", (long) port);
    p.put("protocol", "TCP");
    return p;
  }

  private static String family(String address) {
    return address.indexOf(':') >= 0 ? "IPv6" : "IPv4";
  }

  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
    }
    return map;
  }

  private static List<Object> list(Object element) {
    List<Object> list = new ArrayList<>();
    list.add(element);
    return list;
  }
}
