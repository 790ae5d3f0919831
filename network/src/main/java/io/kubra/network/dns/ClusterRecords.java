package io.kubra.network.dns;

import io.kubra.client.informer.InformerFactory;
import io.kubra.client.informer.SharedInformer;
import io.kubra.model.core.v1.Service;
import io.kubra.model.core.v1.ServicePort;
import io.kubra.model.discovery.v1.Endpoint;
import io.kubra.model.discovery.v1.EndpointPort;
import io.kubra.model.discovery.v1.EndpointSlice;
import io.kubra.network.dns.DnsAnswer.Code;
import io.kubra.network.dns.DnsAnswer.Data;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers names of the cluster's zone and reverse names of its addresses. */
final class ClusterRecords {
  private static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final String BY_IP = "dns-ip";
  private static final String BY_SERVICE = "dns-service";
  private static final String REVERSE = ".in-addr.arpa";

  private final String zone;
  private final SharedInformer<Service> services;
  private final SharedInformer<EndpointSlice> slices;

  ClusterRecords(String zone, InformerFactory informers) {
    this.zone = zone;
    this.services =
        informers.informer(Service.RESOURCE).index(BY_IP, s -> List.copyOf(s.spec().clusterIPs()));
    this.slices =
        informers
            .informer(EndpointSlice.RESOURCE)
            .index(BY_SERVICE, ClusterRecords::serviceKeys)
            .index(
                BY_IP,
                s ->
                    s.endpoints().stream()
                        .flatMap(e -> e.addresses().stream())
                        .distinct()
                        .toList());
  }

  private static List<String> serviceKeys(EndpointSlice slice) {
    String service = slice.metadata().labels().get(SERVICE_NAME);
    return service == null ? List.of() : List.of(slice.metadata().namespace() + "/" + service);
  }

  boolean ready() {
    return services.known() && slices.known();
  }

  String zone() {
    return zone;
  }

  /** The answer, or empty when the name is not the cluster's. */
  Optional<DnsAnswer> answer(DnsQuery query) {
    String name = query.name();
    if (name.endsWith(REVERSE) && query.type() == DnsQuery.PTR) {
      return reverse(name);
    }
    if (!name.equals(zone) && !name.endsWith("." + zone)) {
      return Optional.empty();
    }
    if (!ready()) {
      return Optional.of(DnsAnswer.failure(Code.SERVER_FAILURE));
    }
    String inside = name.equals(zone) ? "" : name.substring(0, name.length() - zone.length() - 1);
    List<String> labels = inside.isEmpty() ? List.of() : Arrays.asList(inside.split("\\."));
    List<Data> records = records(labels);
    if (records == null) {
      return Optional.of(DnsAnswer.failure(Code.NO_SUCH_NAME));
    }
    return Optional.of(DnsAnswer.of(select(records, query.type())));
  }

  private static List<Data> select(List<Data> records, int type) {
    List<Data> selected = new ArrayList<>();
    for (Data data : records) {
      boolean wanted =
          switch (data) {
            case Data.Address a ->
                !a.owner().isEmpty()
                    ? type == DnsQuery.SRV
                    : (type == DnsQuery.A && a.ip() instanceof Inet4Address)
                        || (type == DnsQuery.AAAA && a.ip() instanceof Inet6Address)
                        || type == DnsQuery.ANY;
            case Data.Alias a -> true;
            case Data.Pointer p -> type == DnsQuery.PTR;
            case Data.Service s -> type == DnsQuery.SRV || type == DnsQuery.ANY;
            case Data.Text t -> type == DnsQuery.TXT || type == DnsQuery.ANY;
          };
      if (wanted) {
        selected.add(data);
      }
    }
    return selected;
  }

  /** The records of a name; null if it does not exist, empty if it exists without any. */
  private @Nullable List<Data> records(List<String> labels) {
    int n = labels.size();
    if (n == 0) {
      return List.of();
    }
    String kind = labels.getLast();
    if (n == 1 && kind.equals("dns-version")) {
      return List.of(new Data.Text("1.1.0"));
    }
    return switch (kind) {
      case "svc" -> n == 1 ? List.of() : serviceRecords(labels.subList(0, n - 1));
      case "pod" -> n == 1 ? List.of() : podRecords(labels.subList(0, n - 1));
      default -> null;
    };
  }

  private @Nullable List<Data> podRecords(List<String> labels) {
    if (labels.size() == 1) {
      return List.of();
    }
    if (labels.size() != 2) {
      return null;
    }
    try {
      InetAddress ip = InetAddress.ofLiteral(labels.getFirst().replace('-', '.'));
      return List.of(new Data.Address("", ip));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private @Nullable List<Data> serviceRecords(List<String> labels) {
    int n = labels.size();
    String namespace = labels.get(n - 1);
    if (n == 1) {
      return services.list(namespace).isEmpty() ? null : List.of();
    }
    Service service = services.get(namespace, labels.get(n - 2));
    if (service == null) {
      return null;
    }
    String base = labels.get(n - 2) + "." + namespace + ".svc." + zone;
    if ("ExternalName".equals(service.spec().type())) {
      String target = service.spec().externalName();
      return n == 2 && target != null ? List.of(new Data.Alias(target)) : null;
    }
    List<Data> found =
        "None".equals(service.spec().clusterIP())
            ? headless(service, labels.subList(0, n - 2), base)
            : clusterIp(service, labels.subList(0, n - 2), base);
    return found.isEmpty() && n > 2 ? null : found;
  }

  private static List<Data> clusterIp(Service service, List<String> prefix, String base) {
    List<Data> records = new ArrayList<>();
    if (prefix.isEmpty()) {
      for (String ip : service.spec().clusterIPs()) {
        records.add(new Data.Address("", DnsAnswer.address(ip)));
      }
    }
    for (ServicePort port : service.spec().ports()) {
      String name = port.name() == null ? "" : port.name();
      if (portMatches(prefix, name, port.protocol())) {
        records.add(new Data.Service(port.port(), 100, base));
      }
    }
    if (!prefix.isEmpty() && !records.isEmpty()) {
      for (String ip : service.spec().clusterIPs()) {
        records.add(new Data.Address(base, DnsAnswer.address(ip)));
      }
    }
    return records;
  }

  private List<Data> headless(Service service, List<String> prefix, String base) {
    boolean unready = Boolean.TRUE.equals(service.spec().publishNotReadyAddresses());
    List<Data> records = new ArrayList<>();
    for (EndpointSlice slice : slices.byIndex(BY_SERVICE, service.key())) {
      for (Endpoint endpoint : slice.endpoints()) {
        boolean ready =
            endpoint.conditions() == null || !Boolean.FALSE.equals(endpoint.conditions().ready());
        if (!ready && !unready) {
          continue;
        }
        for (String ip : endpoint.addresses()) {
          String host = hostname(endpoint, ip);
          if (prefix.isEmpty() || (prefix.size() == 1 && prefix.getFirst().equals(host))) {
            records.add(new Data.Address("", DnsAnswer.address(ip)));
          }
          for (EndpointPort port : slice.ports()) {
            String name = port.name() == null ? "" : port.name();
            if (port.port() != null && portMatches(prefix, name, port.protocol())) {
              String target = host + "." + base;
              records.add(new Data.Service(port.port(), 100, target));
              records.add(new Data.Address(target, DnsAnswer.address(ip)));
            }
          }
        }
      }
    }
    return records;
  }

  private static String hostname(Endpoint endpoint, String ip) {
    String hostname = endpoint.hostname();
    return hostname != null && !hostname.isEmpty()
        ? hostname
        : ip.replace('.', '-').replace(':', '-');
  }

  /** Whether {@code _port._protocol} is what the prefix asks for. */
  private static boolean portMatches(List<String> prefix, String port, @Nullable String protocol) {
    String wanted = protocol == null ? "tcp" : protocol.toLowerCase(Locale.ROOT);
    return prefix.size() == 2
        && !port.isEmpty()
        && prefix.get(0).equals("_" + port)
        && prefix.get(1).equals("_" + wanted);
  }

  private Optional<DnsAnswer> reverse(String name) {
    List<String> octets =
        Arrays.asList(name.substring(0, name.length() - REVERSE.length()).split("\\."));
    String ip = String.join(".", octets.reversed());
    for (Service service : services.byIndex(BY_IP, ip)) {
      return Optional.of(pointer(service.metadata().name() + "." + service.metadata().namespace()));
    }
    for (EndpointSlice slice : slices.byIndex(BY_IP, ip)) {
      String service = slice.metadata().labels().get(SERVICE_NAME);
      for (Endpoint endpoint : slice.endpoints()) {
        String hostname = endpoint.hostname();
        if (service != null
            && hostname != null
            && !hostname.isEmpty()
            && endpoint.addresses().contains(ip)) {
          return Optional.of(
              pointer(hostname + "." + service + "." + slice.metadata().namespace()));
        }
      }
    }
    return Optional.empty();
  }

  private DnsAnswer pointer(String inside) {
    return DnsAnswer.of(List.of(new Data.Pointer(inside + ".svc." + zone)));
  }
}
