package io.kubra.network.proxy;

import io.kubra.model.core.v1.LoadBalancerIngress;
import io.kubra.model.core.v1.Service;
import io.kubra.model.core.v1.ServicePort;
import io.kubra.model.core.v1.ServiceSpec;
import io.kubra.model.discovery.v1.Endpoint;
import io.kubra.model.discovery.v1.EndpointConditions;
import io.kubra.model.discovery.v1.EndpointPort;
import io.kubra.model.discovery.v1.EndpointSlice;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Computes the rules for a set of Services. Each service port has a chain that picks an endpoint,
 * each endpoint a chain that rewrites the destination; verdict maps lead from address and port to
 * the chain, so that a packet's cost does not grow with the number of Services.
 */
final class RuleSetBuilder {
  private static final int DEFAULT_AFFINITY_SECONDS = 10800;
  private static final String MARK = "meta mark set meta mark or 0x4000";

  private record Target(String ip, int port, boolean local) {}

  private final ProxyConfig config;
  private final RuleSet rules = RuleSet.empty();

  RuleSetBuilder(ProxyConfig config) {
    this.config = config;
  }

  RuleSet build() {
    return rules;
  }

  /**
   * Adds the rules of one Service.
   *
   * @param ingress the addresses that a load balancer gave it
   */
  void add(Service service, List<EndpointSlice> slices, List<LoadBalancerIngress> ingress) {
    ServiceSpec spec = service.spec();
    String clusterIp = spec.clusterIP();
    if (clusterIp == null
        || clusterIp.isEmpty()
        || clusterIp.equals("None")
        || clusterIp.contains(":")
        || "ExternalName".equals(spec.type())) {
      return;
    }
    for (ServicePort port : spec.ports()) {
      addPort(service, port, slices, clusterIp, externalAddresses(spec, ingress));
    }
  }

  private void addPort(
      Service service,
      ServicePort port,
      List<EndpointSlice> slices,
      String clusterIp,
      List<String> addresses) {
    ServiceSpec spec = service.spec();
    String protocol = protocol(port.protocol());
    List<Target> all = targets(slices, port);
    List<Target> local = all.stream().filter(Target::local).toList();
    List<Target> inside = "Local".equals(spec.internalTrafficPolicy()) ? local : all;
    String id = id(service.key() + ":" + port.port() + "/" + protocol);

    String clusterKey = clusterIp + " . " + protocol + " . " + port.port();
    datagrams(protocol, clusterKey, inside);
    if (inside.isEmpty()) {
      rules.elementsOf(RuleSet.UNSERVED).put(clusterKey, "goto refuse");
    } else {
      String chain = "svc-" + id;
      List<String> first = List.of("ip saddr != " + config.podNetwork() + " " + MARK);
      chain(chain, first, inside, spec, protocol, id);
      rules.elementsOf(RuleSet.SERVICES).put(clusterKey, "goto " + chain);
    }
    addExternal(spec, port, protocol, id, addresses, all, local);
  }

  private void addExternal(
      ServiceSpec spec,
      ServicePort port,
      String protocol,
      String id,
      List<String> addresses,
      List<Target> all,
      List<Target> local) {
    boolean nodePort = port.nodePort() != null && port.nodePort() != 0;
    if (addresses.isEmpty() && !nodePort) {
      return;
    }
    boolean keepLocal = "Local".equals(spec.externalTrafficPolicy());
    List<Target> targets = keepLocal ? local : all;
    String verdict;
    if (targets.isEmpty()) {
      verdict = null;
    } else {
      String chain = "ext-" + id;
      chain(chain, keepLocal ? List.of() : List.of(MARK), targets, spec, protocol, id);
      verdict = "goto " + chain;
    }
    for (String address : addresses) {
      String key = address + " . " + protocol + " . " + port.port();
      put(RuleSet.SERVICES, key, verdict);
      datagrams(protocol, key, targets);
    }
    if (nodePort && verdict != null) {
      String key = protocol + " . " + port.nodePort();
      put(RuleSet.NODE_PORTS, key, verdict);
      datagrams(protocol, key, targets);
    }
  }

  private void datagrams(String protocol, String key, List<Target> targets) {
    if (protocol.equals("udp")) {
      rules.datagrams().put(key, targets.stream().map(Target::ip).collect(Collectors.toSet()));
    }
  }

  private static List<String> externalAddresses(
      ServiceSpec spec, List<LoadBalancerIngress> ingress) {
    TreeSet<String> addresses = new TreeSet<>(spec.externalIPs());
    if ("LoadBalancer".equals(spec.type())) {
      ingress.stream()
          .map(LoadBalancerIngress::ip)
          .filter(Objects::nonNull)
          .forEach(addresses::add);
    }
    return List.copyOf(addresses);
  }

  private void put(String map, String key, @Nullable String verdict) {
    if (verdict == null) {
      rules.elementsOf(RuleSet.UNSERVED).put(key, "goto refuse");
    } else {
      rules.elementsOf(map).put(key, verdict);
    }
  }

  private void chain(
      String chain,
      List<String> first,
      List<Target> targets,
      ServiceSpec spec,
      String protocol,
      String id) {
    boolean sticky = "ClientIP".equals(spec.sessionAffinity());
    List<String> lines = new ArrayList<>(first);
    List<String> choices = new ArrayList<>();
    for (Target target : targets) {
      String endpoint = "ep-" + id + "-" + id(target.ip + ":" + target.port).substring(0, 8);
      String set = sticky ? "aff-" + endpoint : null;
      if (set != null) {
        rules.affinity().put(set, affinitySeconds(spec));
        lines.add("ip saddr @" + set + " goto " + endpoint);
      }
      endpointChain(endpoint, target, protocol, set);
      choices.add(choices.size() + " : goto " + endpoint);
    }
    lines.add(
        targets.size() == 1
            ? choices.getFirst().substring(4)
            : "numgen random mod "
                + targets.size()
                + " vmap { "
                + String.join(", ", choices)
                + " }");
    rules.chains().put(chain, lines);
  }

  private void endpointChain(String chain, Target target, String protocol, @Nullable String set) {
    List<String> lines = new ArrayList<>();
    // A pod that reaches itself through its Service must see another source address.
    lines.add("ip saddr " + target.ip + " " + MARK);
    if (set != null) {
      lines.add("update @" + set + " { ip saddr }");
    }
    lines.add("meta l4proto " + protocol + " dnat to " + target.ip + ":" + target.port);
    rules.chains().put(chain, lines);
  }

  private static int affinitySeconds(ServiceSpec spec) {
    var affinity = spec.sessionAffinityConfig();
    Integer seconds =
        affinity == null || affinity.clientIP() == null
            ? null
            : affinity.clientIP().timeoutSeconds();
    return seconds == null ? DEFAULT_AFFINITY_SECONDS : seconds;
  }

  /** Ready endpoints, or, when there are none, those that still serve while they terminate. */
  private List<Target> targets(List<EndpointSlice> slices, ServicePort port) {
    List<Target> ready = new ArrayList<>();
    List<Target> terminating = new ArrayList<>();
    for (EndpointSlice slice : slices) {
      if (!"IPv4".equals(slice.addressType())) {
        continue;
      }
      Integer number = portNumber(slice, port);
      if (number == null) {
        continue;
      }
      for (Endpoint endpoint : slice.endpoints()) {
        if (endpoint.addresses().isEmpty()) {
          continue;
        }
        boolean local = config.nodeName().equals(endpoint.nodeName());
        Target target = new Target(endpoint.addresses().getFirst(), number, local);
        EndpointConditions conditions = endpoint.conditions();
        if (conditions == null || !Boolean.FALSE.equals(conditions.ready())) {
          ready.add(target);
        } else if (Boolean.TRUE.equals(conditions.serving())
            && Boolean.TRUE.equals(conditions.terminating())) {
          terminating.add(target);
        }
      }
    }
    return (ready.isEmpty() ? terminating : ready)
        .stream()
            .distinct()
            .sorted(Comparator.comparing(Target::ip).thenComparing(Target::port))
            .toList();
  }

  private static @Nullable Integer portNumber(EndpointSlice slice, ServicePort port) {
    String name = port.name() == null ? "" : port.name();
    for (EndpointPort candidate : slice.ports()) {
      String candidateName = candidate.name() == null ? "" : candidate.name();
      if (candidateName.equals(name)
          && protocol(candidate.protocol()).equals(protocol(port.protocol()))) {
        return candidate.port();
      }
    }
    return null;
  }

  private static String protocol(@Nullable String protocol) {
    return protocol == null ? "tcp" : protocol.toLowerCase(Locale.ROOT);
  }

  private static String id(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
