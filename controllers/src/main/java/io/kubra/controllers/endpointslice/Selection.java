package io.kubra.controllers.endpointslice;

import io.kubra.client.informer.SharedInformer;
import io.kubra.client.match.Selectors;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.IntOrString;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.ContainerPort;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.ObjectReference;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Service;
import io.kubra.model.core.v1.ServicePort;
import io.kubra.model.discovery.v1.Endpoint;
import io.kubra.model.discovery.v1.EndpointConditions;
import io.kubra.model.discovery.v1.EndpointPort;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which pods stand behind a Service, and how they are published. */
final class Selection {
  private static final String ZONE = "topology.kubernetes.io/zone";

  private Selection() {}

  static List<String> servicesOf(Pod pod, SharedInformer<Service> services) {
    return services.list(pod.metadata().namespace()).stream()
        .filter(
            s ->
                !s.spec().selector().isEmpty()
                    && Selectors.matchesAll(s.spec().selector(), pod.metadata().labels()))
        .map(Service::key)
        .toList();
  }

  /** Pods that have an address and have not ended. */
  static boolean includes(Pod pod) {
    String ip = pod.status().podIP();
    return ip != null && !ip.isEmpty() && !ip.contains(":") && !Pods.finished(pod);
  }

  static Endpoint endpoint(Service service, Pod pod, SharedInformer<Node> nodes) {
    boolean serving = Pods.ready(pod);
    boolean terminating = Pods.terminating(pod);
    boolean publish = Boolean.TRUE.equals(service.spec().publishNotReadyAddresses());
    String nodeName = pod.spec().nodeName();
    Node node = nodeName == null ? null : nodes.get("", nodeName);
    String zone = node == null ? null : node.metadata().labels().get(ZONE);
    return Endpoint.builder()
        .addresses(List.of(String.valueOf(pod.status().podIP())))
        .conditions(
            EndpointConditions.builder()
                .ready(publish || (serving && !terminating))
                .serving(serving)
                .terminating(terminating)
                .build())
        .hostname(hostname(service, pod))
        .nodeName(nodeName)
        .zone(zone)
        .targetRef(
            ObjectReference.builder()
                .kind("Pod")
                .namespace(pod.metadata().namespace())
                .name(pod.metadata().name())
                .uid(pod.metadata().uid())
                .build())
        .build();
  }

  /** A pod has a name of its own within the Service that its subdomain names. */
  private static @Nullable String hostname(Service service, Pod pod) {
    String hostname = pod.spec().hostname();
    return hostname != null
            && !hostname.isEmpty()
            && service.metadata().name().equals(pod.spec().subdomain())
        ? hostname
        : null;
  }

  static List<EndpointPort> ports(Service service, Pod pod) {
    List<EndpointPort> ports = new ArrayList<>();
    for (ServicePort port : service.spec().ports()) {
      Integer number = number(port, pod);
      if (number != null) {
        ports.add(
            EndpointPort.builder()
                .name(port.name() == null ? "" : port.name())
                .protocol(port.protocol() == null ? "TCP" : port.protocol())
                .port(number)
                .appProtocol(port.appProtocol())
                .build());
      }
    }
    return ports;
  }

  private static @Nullable Integer number(ServicePort port, Pod pod) {
    return switch (port.targetPort()) {
      case null -> port.port();
      case IntOrString.Int i -> i.value() == 0 ? port.port() : i.value();
      case IntOrString.Text t -> named(t.value(), port, pod);
    };
  }

  private static @Nullable Integer named(String name, ServicePort port, Pod pod) {
    String protocol = port.protocol() == null ? "TCP" : port.protocol();
    List<Container> containers = new ArrayList<>(pod.spec().containers());
    for (Container init : pod.spec().initContainers()) {
      if ("Always".equals(init.restartPolicy())) {
        containers.add(init);
      }
    }
    for (Container container : containers) {
      for (ContainerPort candidate : container.ports()) {
        String itsProtocol = candidate.protocol() == null ? "TCP" : candidate.protocol();
        if (name.equals(candidate.name()) && itsProtocol.equals(protocol)) {
          return candidate.containerPort();
        }
      }
    }
    return null;
  }
}
