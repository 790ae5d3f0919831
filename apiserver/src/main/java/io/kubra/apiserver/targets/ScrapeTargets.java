package io.kubra.apiserver.targets;

import io.kubra.api.json.Json;
import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.request.NonResourceEndpoint;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.transport.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Serves {@code /kubra/targets/nodes}, {@code …/pods} and {@code …/services} in the form that
 * Prometheus reads with {@code http_sd_configs}. Addresses and labels are those that its {@code
 * kubernetes_sd_configs} give for the roles node, pod and endpointslice.
 */
public final class ScrapeTargets implements NonResourceEndpoint {
  private static final String ROOT = "/kubra/targets/";
  private static final GroupResource NODES = new GroupResource("", "nodes");
  private static final GroupResource PODS = new GroupResource("", "pods");
  private static final GroupResource SERVICES = new GroupResource("", "services");
  private static final GroupResource SLICES =
      new GroupResource("discovery.k8s.io", "endpointslices");

  private final ObjectReader objects;

  /** Targets among the objects. */
  public ScrapeTargets(ObjectReader objects) {
    this.objects = objects;
  }

  @Override
  public boolean matches(String path) {
    return path.startsWith(ROOT);
  }

  @Override
  public void handle(RequestContext c) {
    List<Object> targets =
        switch (c.info().path().substring(ROOT.length())) {
          case "nodes" -> nodes();
          case "pods" -> pods();
          case "services" -> services();
          default ->
              throw ApiException.generic(
                  404, "NotFound", "the server could not find the requested resource");
        };
    c.exchange()
        .respond(200, HttpHeaders.of("Content-Type", "application/json"), Json.write(targets));
  }

  private List<Object> nodes() {
    List<Object> targets = new ArrayList<>();
    for (Map<String, Object> node : objects.list(NODES, null)) {
      MetaLabels labels =
          new MetaLabels()
              .put("node_name", Trees.stringOr(node, "", "metadata", "name"))
              .metadata("node", node);
      String address = "";
      for (Map<String, Object> a : Trees.maps(node, "status", "addresses")) {
        String type = Trees.stringOr(a, "", "type");
        labels.put("node_address_" + type, Trees.stringOr(a, "", "address"));
        if (type.equals("InternalIP") && address.isEmpty()) {
          address = Trees.stringOr(a, "", "address");
        }
      }
      long port = Trees.integerOr(node, 0, "status", "daemonEndpoints", "kubeletEndpoint", "Port");
      if (!address.isEmpty()) {
        targets.add(labels.target(hostPort(address, port)));
      }
    }
    return targets;
  }

  private List<Object> pods() {
    List<Object> targets = new ArrayList<>();
    for (Map<String, Object> pod : objects.list(PODS, null)) {
      String ip = Trees.stringOr(pod, "", "status", "podIP");
      if (ip.isEmpty()) {
        continue;
      }
      MetaLabels own = ofPod(pod);
      containers(targets, own, ip, Trees.maps(pod, "spec", "containers"), false);
      containers(targets, own, ip, Trees.maps(pod, "spec", "initContainers"), true);
    }
    return targets;
  }

  private static MetaLabels ofPod(Map<String, Object> pod) {
    String ready = "unknown";
    for (Map<String, Object> condition : Trees.maps(pod, "status", "conditions")) {
      if ("Ready".equals(condition.get("type"))) {
        ready = Trees.stringOr(condition, "", "status").toLowerCase(java.util.Locale.ROOT);
      }
    }
    return new MetaLabels()
        .put("namespace", Trees.stringOr(pod, "", "metadata", "namespace"))
        .put("pod_name", Trees.stringOr(pod, "", "metadata", "name"))
        .put("pod_uid", Trees.stringOr(pod, "", "metadata", "uid"))
        .put("pod_ip", Trees.stringOr(pod, "", "status", "podIP"))
        .put("pod_host_ip", Trees.stringOr(pod, "", "status", "hostIP"))
        .put("pod_node_name", Trees.stringOr(pod, "", "spec", "nodeName"))
        .put("pod_phase", Trees.stringOr(pod, "", "status", "phase"))
        .put("pod_ready", ready)
        .metadata("pod", pod);
  }

  private static void containers(
      List<Object> targets,
      MetaLabels pod,
      String ip,
      List<Map<String, Object>> containers,
      boolean init) {
    for (Map<String, Object> container : containers) {
      List<Map<String, Object>> ports = Trees.maps(container, "ports");
      MetaLabels own =
          new MetaLabels()
              .with(pod)
              .put("pod_container_name", Trees.stringOr(container, "", "name"))
              .put("pod_container_image", Trees.stringOr(container, "", "image"))
              .put("pod_container_init", Boolean.toString(init));
      if (ports.isEmpty()) {
        targets.add(own.target(ip.indexOf(':') < 0 ? ip : "[" + ip + "]"));
      }
      for (Map<String, Object> port : ports) {
        long number = Trees.integerOr(port, 0, "containerPort");
        targets.add(
            new MetaLabels()
                .with(own)
                .put("pod_container_port_name", Trees.stringOr(port, "", "name"))
                .put("pod_container_port_number", Long.toString(number))
                .put("pod_container_port_protocol", Trees.stringOr(port, "TCP", "protocol"))
                .target(hostPort(ip, number)));
      }
    }
  }

  private List<Object> services() {
    Map<String, Map<String, Object>> services = new HashMap<>();
    for (Map<String, Object> service : objects.list(SERVICES, null)) {
      services.put(key(service, Trees.stringOr(service, "", "metadata", "name")), service);
    }
    List<Object> targets = new ArrayList<>();
    for (Map<String, Object> slice : objects.list(SLICES, null)) {
      String name = Trees.stringOr(slice, "", "metadata", "labels", "kubernetes.io/service-name");
      Map<String, Object> service = services.get(key(slice, name));
      if (service != null) {
        slice(targets, slice, name, service);
      }
    }
    return targets;
  }

  private static String key(Map<String, Object> object, String name) {
    return Trees.stringOr(object, "", "metadata", "namespace") + "/" + name;
  }

  private static void slice(
      List<Object> targets, Map<String, Object> slice, String name, Map<String, Object> service) {
    MetaLabels own =
        new MetaLabels()
            .put("namespace", Trees.stringOr(slice, "", "metadata", "namespace"))
            .put("endpointslice_name", Trees.stringOr(slice, "", "metadata", "name"))
            .put("service_name", name)
            .metadata("service", service);
    for (Map<String, Object> port : Trees.maps(slice, "ports")) {
      long number = Trees.integerOr(port, 0, "port");
      for (Map<String, Object> endpoint : Trees.maps(slice, "endpoints")) {
        MetaLabels labels =
            new MetaLabels()
                .with(own)
                .put("endpointslice_port_name", Trees.stringOr(port, "", "name"))
                .put("endpointslice_port_protocol", Trees.stringOr(port, "TCP", "protocol"))
                .put(
                    "endpointslice_endpoint_conditions_ready",
                    Boolean.toString(
                        !Boolean.FALSE.equals(Trees.get(endpoint, "conditions", "ready"))));
        if ("Pod".equals(Trees.string(endpoint, "targetRef", "kind"))) {
          labels.put("pod_name", Trees.stringOr(endpoint, "", "targetRef", "name"));
        }
        for (Object address : Trees.list(endpoint, "addresses")) {
          targets.add(labels.target(hostPort(String.valueOf(address), number)));
        }
      }
    }
  }

  private static String hostPort(String address, long port) {
    return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
  }
}
