package io.kubra.node.container;

import io.kubra.client.informer.SharedInformer;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Service;
import io.kubra.model.core.v1.ServicePort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The variables that tell a container where the cluster's Services are. */
public final class ServiceVariables {
  private ServiceVariables() {}

  /** Those of the API server's Service always, those of the pod's namespace if it wants them. */
  public static Map<String, String> of(Pod pod, SharedInformer<Service> services) {
    List<Service> visible = new ArrayList<>();
    boolean links = !Boolean.FALSE.equals(pod.spec().enableServiceLinks());
    Service kubernetes = services.getByKey("default/kubernetes");
    if (kubernetes != null) {
      visible.add(kubernetes);
    }
    if (links) {
      services.list(pod.metadata().namespace()).stream()
          .filter(s -> !s.key().equals("default/kubernetes"))
          .sorted(Comparator.comparing(s -> s.metadata().name()))
          .forEach(visible::add);
    }
    Map<String, String> env = new LinkedHashMap<>();
    for (Service service : visible) {
      String ip = service.spec().clusterIP();
      if (ip != null && !ip.isEmpty() && !ip.equals("None") && !service.spec().ports().isEmpty()) {
        add(env, service, ip);
      }
    }
    return env;
  }

  private static void add(Map<String, String> env, Service service, String ip) {
    String name = variable(service.metadata().name());
    String host = ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip;
    List<ServicePort> ports = service.spec().ports();
    env.put(name + "_SERVICE_HOST", ip);
    env.put(name + "_SERVICE_PORT", Integer.toString(ports.getFirst().port()));
    for (ServicePort port : ports) {
      if (port.name() != null && !port.name().isEmpty()) {
        env.put(name + "_SERVICE_PORT_" + variable(port.name()), Integer.toString(port.port()));
      }
    }
    for (int i = 0; i < ports.size(); i++) {
      ServicePort port = ports.get(i);
      String protocol = Objects.requireNonNullElse(port.protocol(), "TCP");
      String scheme = protocol.toLowerCase(Locale.ROOT);
      String url = scheme + "://" + host + ":" + port.port();
      if (i == 0) {
        env.put(name + "_PORT", url);
      }
      String prefix = name + "_PORT_" + port.port() + "_" + protocol.toUpperCase(Locale.ROOT);
      env.put(prefix, url);
      env.put(prefix + "_PROTO", scheme);
      env.put(prefix + "_PORT", Integer.toString(port.port()));
      env.put(prefix + "_ADDR", ip);
    }
  }

  private static String variable(String name) {
    return name.replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
