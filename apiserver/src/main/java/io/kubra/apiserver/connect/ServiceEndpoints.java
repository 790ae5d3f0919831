package io.kubra.apiserver.connect;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.selector.LabelSelector;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectReader;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Where the server behind a Service is reached, over TLS. */
public final class ServiceEndpoints {
  private static final GroupResource SERVICES = new GroupResource("", "services");
  private static final GroupResource SLICES =
      new GroupResource("discovery.k8s.io", "endpointslices");

  private final ObjectReader objects;
  private final String namespace;
  private final String name;
  private final long port;

  /** Why nobody can be reached. */
  public enum Reason {
    ServiceNotFound,
    ServicePortError,
    EndpointsNotFound,
    MissingEndpoints
  }

  /** There is none, and why. */
  public static final class Missing extends Exception {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    Missing(Reason reason, String message) {
      super(message, null, false, false);
      this.reason = reason;
    }

    /** As a condition gives it. */
    public Reason reason() {
      return reason;
    }

    /** In the words of an APIService's condition. */
    public String message() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * @param reference namespace, name and port of the Service; the port is 443 unless given
   */
  public ServiceEndpoints(ObjectReader objects, Map<String, Object> reference) {
    this.objects = objects;
    this.namespace = Trees.stringOr(reference, "", "namespace");
    this.name = Trees.stringOr(reference, "", "name");
    this.port = Trees.integerOr(reference, 443, "port");
  }

  /** The name that the server's certificate is for. */
  public String hostName() {
    return name + "." + namespace + ".svc";
  }

  /** One of those that are ready, by chance: scheme, address and port. */
  public URI choose() throws Missing {
    Map<String, Object> service = objects.get(SERVICES, namespace, name);
    if (service == null) {
      throw new Missing(
          Reason.ServiceNotFound, "service/%s in \"%s\" is not present".formatted(name, namespace));
    }
    if ("ExternalName".equals(Trees.string(service, "spec", "type"))) {
      return URI.create(
          "https://" + Trees.stringOr(service, "", "spec", "externalName") + ":" + port);
    }
    String portName = portName(service);
    List<URI> found = new ArrayList<>();
    boolean any = false;
    for (Map<String, Object> slice : slices(objects, namespace, name)) {
      any = true;
      addReady(slice, portName, "https", found);
    }
    if (!any) {
      throw new Missing(
          Reason.EndpointsNotFound,
          "cannot find endpointslices for service/%s in \"%s\"".formatted(name, namespace));
    }
    if (found.isEmpty()) {
      throw new Missing(
          Reason.MissingEndpoints,
          "endpointslices for service/%s in \"%s\" have no addresses with port name \"%s\""
              .formatted(name, namespace, portName));
    }
    return found.get(ThreadLocalRandom.current().nextInt(found.size()));
  }

  /** The slices of a Service. */
  static List<Map<String, Object>> slices(ObjectReader objects, String namespace, String service) {
    return objects.list(
        SLICES, namespace, LabelSelector.fromLabels(Map.of("kubernetes.io/service-name", service)));
  }

  private String portName(Map<String, Object> service) throws Missing {
    for (Map<String, Object> candidate : Trees.maps(service, "spec", "ports")) {
      if (Trees.integerOr(candidate, 0, "port") == port) {
        return Trees.stringOr(candidate, "", "name");
      }
    }
    throw new Missing(
        Reason.ServicePortError,
        "service/%s in \"%s\" is not listening on port %d".formatted(name, namespace, port));
  }

  /**
   * Whether an address may be one of an endpoint. Whoever writes slices must not get the server to
   * ask what only its host can reach, such as the metadata of a cloud.
   */
  private static boolean mayBeCalled(String address) {
    try {
      InetAddress ip = InetAddress.ofLiteral(address);
      return !ip.isLinkLocalAddress() && !ip.isAnyLocalAddress() && !ip.isMulticastAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Adds the ready endpoints of a slice under the port of that name. */
  static void addReady(Map<String, Object> slice, String portName, String scheme, List<URI> found) {
    for (Map<String, Object> target : Trees.maps(slice, "ports")) {
      Long number = Trees.integer(target, "port");
      if (number == null || !Trees.stringOr(target, "", "name").equals(portName)) {
        continue;
      }
      for (Map<String, Object> endpoint : Trees.maps(slice, "endpoints")) {
        boolean ready = !Boolean.FALSE.equals(Trees.get(endpoint, "conditions", "ready"));
        List<String> addresses = Trees.strings(endpoint, "addresses");
        if (ready && !addresses.isEmpty() && mayBeCalled(addresses.getFirst())) {
          found.add(PodProxy.base(scheme, addresses.getFirst(), String.valueOf(number)));
        }
      }
    }
  }
}
