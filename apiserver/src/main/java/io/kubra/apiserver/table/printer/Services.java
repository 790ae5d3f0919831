package io.kubra.apiserver.table.printer;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.TablePrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Services and the endpoints behind them. */
final class Services {
  private Services() {}

  static TablePrinter service() {
    return Columns.named()
        .text("Type", "How the service is reached.", r -> r.text("spec", "type"))
        .text("Cluster-IP", "The address inside of the cluster.", Services::clusterAddress)
        .text("External-IP", "The addresses for clients outside.", Services::externalAddress)
        .text("Port(s)", "The ports, with the nodes' ports if there are.", Services::ports)
        .age()
        .wide(
            "Selector",
            "The labels of the pods behind the service.",
            r -> Texts.labels(Trees.map(r.object(), "spec", "selector")))
        .printer();
  }

  static TablePrinter endpoints() {
    return Columns.named()
        .text("Endpoints", "Addresses and ports that are ready.", Services::subsets)
        .age()
        .printer();
  }

  static TablePrinter endpointSlice() {
    return Columns.named()
        .text("AddressType", "What the addresses are.", r -> r.text("addressType"))
        .text(
            "Ports",
            "The ports that all endpoints offer.",
            r ->
                Texts.few(
                    r.maps("ports").stream()
                        .map(p -> new Row(p, r.now()).anyOr("*", "port"))
                        .toList()))
        .text(
            "Endpoints",
            "The addresses.",
            r ->
                Texts.few(
                    r.maps("endpoints").stream()
                        .flatMap(e -> Trees.strings(e, "addresses").stream())
                        .toList()))
        .age()
        .printer();
  }

  private static String clusterAddress(Row r) {
    List<String> addresses = r.strings("spec", "clusterIPs");
    return addresses.isEmpty() ? r.textOr(Row.NONE, "spec", "clusterIP") : addresses.getFirst();
  }

  private static String externalAddress(Row r) {
    String given = String.join(",", r.strings("spec", "externalIPs"));
    return switch (r.text("spec", "type")) {
      case "ClusterIP", "NodePort" -> Texts.orNone(given);
      case "LoadBalancer" -> {
        String balancers = balancers(r);
        if (given.isEmpty()) {
          yield balancers.isEmpty() ? "<pending>" : balancers;
        }
        yield balancers.isEmpty() ? given : balancers + "," + given;
      }
      case "ExternalName" -> r.text("spec", "externalName");
      default -> Row.UNKNOWN;
    };
  }

  /** The addresses of load balancers, sorted. */
  static String balancers(Row r) {
    TreeSet<String> addresses = new TreeSet<>();
    for (Map<String, Object> ingress : r.maps("status", "loadBalancer", "ingress")) {
      String ip = Trees.stringOr(ingress, "", "ip");
      String address = ip.isEmpty() ? Trees.stringOr(ingress, "", "hostname") : ip;
      if (!address.isEmpty()) {
        addresses.add(address);
      }
    }
    return String.join(",", addresses);
  }

  private static String ports(Row r) {
    return Texts.orNone(
        r.maps("spec", "ports").stream()
            .map(
                p -> {
                  long node = Trees.integerOr(p, 0, "nodePort");
                  return Trees.integerOr(p, 0, "port")
                      + (node == 0 ? "" : ":" + node)
                      + "/"
                      + Trees.stringOr(p, "TCP", "protocol");
                })
            .collect(Collectors.joining(",")));
  }

  private static String subsets(Row r) {
    List<String> all = new ArrayList<>();
    for (Map<String, Object> subset : r.maps("subsets")) {
      List<Map<String, Object>> ports = Trees.maps(subset, "ports");
      for (Map<String, Object> address : Trees.maps(subset, "addresses")) {
        if (ports.isEmpty()) {
          all.add(Trees.stringOr(address, "", "ip"));
        }
      }
      for (Map<String, Object> port : ports) {
        for (Map<String, Object> address : Trees.maps(subset, "addresses")) {
          String ip = Trees.stringOr(address, "", "ip");
          String host = ip.contains(":") ? "[" + ip + "]" : ip;
          all.add(host + ":" + Trees.integerOr(port, 0, "port"));
        }
      }
    }
    return all.isEmpty() ? Row.NONE : Texts.few(all);
  }
}
