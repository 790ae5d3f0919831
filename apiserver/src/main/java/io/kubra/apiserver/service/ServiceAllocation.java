package io.kubra.apiserver.service;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.storage.StorageHook;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives Services their cluster addresses and node ports. What is taken is known from the stored
 * Services at first use and kept exact by taking part in every write: taken before, given back if
 * the write fails or the Service no longer needs it.
 */
public final class ServiceAllocation implements StorageHook {
  /** The resource this belongs to. */
  public static final GroupResource SERVICES = new GroupResource("", "services");

  private static final String NONE = "None";

  private final List<AddressRange> ranges;
  private final PortRange ports;
  private final ObjectReader reader;
  private boolean loaded;

  public ServiceAllocation(List<String> cidrs, int firstPort, int lastPort, ObjectReader reader) {
    this.ranges = cidrs.stream().map(AddressRange::parse).toList();
    this.ports = new PortRange(firstPort, lastPort);
    this.reader = reader;
  }

  /** The address of the Service default/kubernetes: the first of the first range. */
  public String apiServerAddress() {
    return ranges.getFirst().address(1);
  }

  @Override
  public Reservation beforeWrite(
      @Nullable Map<String, Object> old, Map<String, Object> next, boolean dryRun) {
    synchronized (this) {
      load();
      Taken taken = new Taken();
      boolean done = false;
      try {
        if (old != null) {
          ServiceFields.carryOver(old, next);
        }
        Set<String> oldAddresses = old == null ? Set.of() : ServiceFields.addresses(old);
        Set<Integer> oldPorts = old == null ? Set.of() : ServiceFields.nodePorts(old);
        families(next);
        addresses(next, oldAddresses, taken);
        ports(next, oldPorts, taken);
        done = true;
        return stored -> end(stored, taken, oldAddresses, oldPorts, next);
      } finally {
        if (!done) {
          taken.giveBack();
        }
      }
    }
  }

  @Override
  public synchronized void deleted(Map<String, Object> last) {
    load();
    ServiceFields.addresses(last).forEach(this::release);
    ServiceFields.nodePorts(last).forEach(ports::release);
  }

  private synchronized void end(
      boolean stored,
      Taken taken,
      Set<String> oldAddresses,
      Set<Integer> oldPorts,
      Map<String, Object> next) {
    if (!stored) {
      taken.giveBack();
      return;
    }
    Set<String> kept = ServiceFields.addresses(next);
    oldAddresses.stream().filter(a -> !kept.contains(a)).forEach(this::release);
    Set<Integer> keptPorts = ServiceFields.nodePorts(next);
    oldPorts.stream().filter(p -> !keptPorts.contains(p)).forEach(ports::release);
  }

  private void load() {
    if (loaded) {
      return;
    }
    for (Map<String, Object> service : reader.list(SERVICES, null)) {
      for (String address : ServiceFields.addresses(service)) {
        AddressRange range = rangeOf(address);
        if (range != null) {
          range.take(address);
        }
      }
      ServiceFields.nodePorts(service).forEach(ports::take);
    }
    loaded = true;
  }

  /** Decides the address families of a Service that has not said which. */
  private void families(Map<String, Object> service) {
    Map<String, Object> spec = Trees.ensureMap(service, "spec");
    if (ServiceFields.type(service).equals("ExternalName")) {
      return;
    }
    boolean headless = ServiceFields.isHeadless(service);
    Map<String, Object> selector = Trees.map(spec, "selector");
    boolean anyFamily = headless && (selector == null || selector.isEmpty());
    String policy = Trees.stringOr(spec, "", "ipFamilyPolicy");
    if (policy.isEmpty()) {
      boolean two =
          anyFamily
              || Trees.list(spec, "ipFamilies").size() == 2
              || Trees.list(spec, "clusterIPs").size() == 2;
      policy = two ? "RequireDualStack" : "SingleStack";
      spec.put("ipFamilyPolicy", policy);
    }
    if (policy.equals("RequireDualStack") && ranges.size() < 2 && !anyFamily) {
      throw invalid(
          service,
          FieldError.invalid(
              "spec.ipFamilyPolicy", policy, "Cluster is not configured for dual-stack services"));
    }
    List<Object> families = new ArrayList<>(Trees.list(spec, "ipFamilies"));
    for (Object family : families) {
      boolean known = ranges.stream().anyMatch(r -> r.family().equals(family));
      if (!known && !anyFamily) {
        throw invalid(
            service,
            FieldError.invalid("spec.ipFamilies[0]", family, "not configured on this cluster"));
      }
    }
    if (families.isEmpty()) {
      for (Object address : Trees.list(spec, "clusterIPs")) {
        if (!NONE.equals(address)) {
          families.add(String.valueOf(address).indexOf(':') >= 0 ? "IPv6" : "IPv4");
        }
      }
    }
    if (families.isEmpty()) {
      String asked = Trees.stringOr(spec, "", "clusterIP");
      if (!asked.isEmpty() && !asked.equals(NONE)) {
        families.add(asked.indexOf(':') >= 0 ? "IPv6" : "IPv4");
      } else {
        families.add(ranges.getFirst().family());
      }
    }
    if (families.size() == 1 && !policy.equals("SingleStack") && (anyFamily || ranges.size() > 1)) {
      families.add(families.getFirst().equals("IPv4") ? "IPv6" : "IPv4");
    }
    spec.put("ipFamilies", families);
  }

  private void addresses(Map<String, Object> service, Set<String> mine, Taken taken) {
    Map<String, Object> spec = Trees.ensureMap(service, "spec");
    if (ServiceFields.type(service).equals("ExternalName")) {
      return;
    }
    if (ServiceFields.isHeadless(service)) {
      spec.put("clusterIP", NONE);
      spec.put("clusterIPs", new ArrayList<>(List.of(NONE)));
      return;
    }
    List<Object> wanted = new ArrayList<>(Trees.list(spec, "clusterIPs"));
    String first = Trees.stringOr(spec, "", "clusterIP");
    if (wanted.isEmpty() && !first.isEmpty()) {
      wanted.add(first);
    }
    List<Object> given = new ArrayList<>();
    List<Object> families = Trees.list(spec, "ipFamilies");
    for (int i = 0; i < families.size(); i++) {
      String asked = i < wanted.size() ? String.valueOf(wanted.get(i)) : "";
      given.add(
          asked.isEmpty()
              ? any(service, families.get(i), taken)
              : certain(service, asked, mine, wanted, taken));
    }
    spec.put("clusterIP", given.getFirst());
    spec.put("clusterIPs", given);
  }

  private String any(Map<String, Object> service, Object family, Taken taken) {
    for (AddressRange range : ranges) {
      if (range.family().equals(family)) {
        String address = range.takeAny();
        if (address == null) {
          throw ApiException.internal("failed to allocate a serviceIP: range is full");
        }
        taken.addresses.add(address);
        return address;
      }
    }
    throw invalid(
        service, FieldError.invalid("spec.ipFamilies", family, "not configured on this cluster"));
  }

  private String certain(
      Map<String, Object> service,
      String address,
      Set<String> mine,
      List<Object> all,
      Taken taken) {
    if (mine.contains(address)) {
      return address;
    }
    AddressRange range = rangeOf(address);
    if (range == null) {
      throw invalid(
          service,
          FieldError.invalid(
              "spec.clusterIPs",
              all,
              "failed to allocate IP " + address + ": the provided IP is not in the valid range"));
    }
    if (!range.take(address)) {
      throw invalid(
          service,
          FieldError.invalid(
              "spec.clusterIPs",
              all,
              "failed to allocate IP " + address + ": provided IP is already allocated"));
    }
    taken.addresses.add(address);
    return address;
  }

  private void ports(Map<String, Object> service, Set<Integer> mine, Taken taken) {
    Map<String, Object> spec = Trees.ensureMap(service, "spec");
    String type = ServiceFields.type(service);
    boolean balanced = type.equals("LoadBalancer");
    if (!balanced && !type.equals("NodePort")) {
      return;
    }
    boolean choose = !balanced || !Boolean.FALSE.equals(spec.get("allocateLoadBalancerNodePorts"));
    Set<Integer> own = new HashSet<>(mine);
    List<Object> list = Trees.list(spec, "ports");
    // ports that were asked for come first, or a chosen one might be in their way
    for (int i = 0; i < list.size(); i++) {
      int asked = nodePort(list.get(i));
      if (asked != 0) {
        certainPort(service, "spec.ports[" + i + "].nodePort", asked, own, taken);
      }
    }
    for (Object port : list) {
      if (choose && nodePort(port) == 0) {
        ServiceFields.setNodePort(port, anyPort(list, port, taken));
      }
    }
    if (balanced && "Local".equals(spec.get("externalTrafficPolicy"))) {
      Long health = Trees.integer(spec, "healthCheckNodePort");
      if (health == null || health == 0) {
        spec.put("healthCheckNodePort", (long) newPort(taken));
      } else {
        certainPort(service, "spec.healthCheckNodePort", health.intValue(), own, taken);
      }
    }
  }

  private static int nodePort(Object port) {
    Long value = Trees.integer(port, "nodePort");
    return value == null ? 0 : value.intValue();
  }

  private void certainPort(
      Map<String, Object> service, String path, int port, Set<Integer> own, Taken taken) {
    if (own.contains(port)) {
      return;
    }
    if (!ports.contains(port)) {
      throw invalid(
          service,
          FieldError.invalid(
              path,
              (long) port,
              "provided port is not in the valid range. The range of valid ports is " + ports));
    }
    if (!ports.take(port)) {
      throw invalid(
          service, FieldError.invalid(path, (long) port, "provided port is already allocated"));
    }
    // the same number may be used once more in this Service, for another protocol
    own.add(port);
    taken.ports.add(port);
  }

  /** The same port number on another protocol gets the same node port. */
  private long anyPort(List<Object> list, Object port, Taken taken) {
    Long number = Trees.integer(port, "port");
    for (Object other : list) {
      if (other != port
          && nodePort(other) != 0
          && number != null
          && number.equals(Trees.integer(other, "port"))
          && !Trees.stringOr(other, "TCP", "protocol")
              .equals(Trees.stringOr(port, "TCP", "protocol"))) {
        return nodePort(other);
      }
    }
    return newPort(taken);
  }

  private int newPort(Taken taken) {
    Integer port = ports.takeAny();
    if (port == null) {
      throw ApiException.internal("failed to allocate a nodePort: range is full");
    }
    taken.ports.add(port);
    return port;
  }

  private @Nullable AddressRange rangeOf(String address) {
    for (AddressRange r : ranges) {
      if (r.contains(address)) {
        return r;
      }
    }
    return null;
  }

  private void release(String address) {
    AddressRange range = rangeOf(address);
    if (range != null) {
      range.release(address);
    }
  }

  private static ApiException invalid(Map<String, Object> service, FieldError error) {
    return ApiException.invalid(
        "", "Service", Trees.stringOr(service, "", "metadata", "name"), List.of(error));
  }

  /** What one write has taken. */
  private final class Taken {
    private final List<String> addresses = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();

    void giveBack() {
      addresses.forEach(ServiceAllocation.this::release);
      ports.forEach(ServiceAllocation.this.ports::release);
    }
  }
}
