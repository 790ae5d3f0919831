package io.kubra.apiserver.bootstrap;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.PostStartHook;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Service default/kubernetes with its Endpoints and EndpointSlice, through which pods reach the
 * API server.
 */
public final class KubernetesService implements PostStartHook {
  private static final String NAME = "kubernetes";
  private static final String NAMESPACE = "default";
  private static final GroupResource SERVICES = new GroupResource("", "services");
  private static final GroupResource ENDPOINTS = new GroupResource("", "endpoints");
  private static final GroupResource SLICES =
      new GroupResource("discovery.k8s.io", "endpointslices");

  private final String clusterAddress;
  private final String advertisedAddress;
  private final int port;

  /** A server that is reached at this address and port, and by pods at the cluster address. */
  public KubernetesService(String clusterAddress, String advertisedAddress, int port) {
    this.clusterAddress = clusterAddress;
    this.advertisedAddress = advertisedAddress;
    this.port = port;
  }

  @Override
  public String name() {
    return "bootstrap-controller";
  }

  @Override
  public void run(ObjectAccess objects) {
    Seeds.ensure(objects, SERVICES, NAMESPACE, NAME, service());
    put(objects, ENDPOINTS, endpoints(), "subsets");
    put(objects, SLICES, slice(), "endpoints");
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

  private Map<String, Object> endpoints() {
    Map<String, Object> endpoints = Seeds.named(NAMESPACE, NAME);
    Trees.set(
        endpoints, map("endpointslice.kubernetes.io/skip-mirror", "true"), "metadata", "labels");
    Map<String, Object> subset = new LinkedHashMap<>();
    subset.put("addresses", list(map("ip", advertisedAddress)));
    subset.put("ports", list(port()));
    endpoints.put("subsets", list(subset));
    return endpoints;
  }

  private Map<String, Object> slice() {
    Map<String, Object> slice = Seeds.named(NAMESPACE, NAME);
    Trees.set(slice, map("kubernetes.io/service-name", NAME), "metadata", "labels");
    slice.put("addressType", family(advertisedAddress));
    Map<String, Object> endpoint = new LinkedHashMap<>();
    endpoint.put("addresses", list(advertisedAddress));
    endpoint.put("conditions", map("ready", true));
    slice.put("endpoints", list(endpoint));
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
