package io.kubra.apiserver.table.printers;

import static io.kubra.apiserver.table.printers.Cells.text;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.TablePrinter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The columns of what connects: services, endpoints, ingresses, policies. */
public final class NetworkPrinters {
  public static final TablePrinter SERVICE =
      Columns.named()
          .text("Type", "How the service is reached.", (o, n) -> text(o, "spec", "type"))
          .text("Cluster-IP", "The address in the cluster.", (o, n) -> Cells.textOr(Cells.NONE, o, "spec", "clusterIP"))
          .text("External-IP", "The address from outside.", (o, n) -> external(o))
          .text("Port(s)", "The ports, with their node ports.", (o, n) -> servicePorts(o))
          .age()
          .wide("Selector", "The labels of the pods behind it.", (o, n) -> Cells.labels(Trees.map(o, "spec", "selector")))
          .build();

  public static final TablePrinter ENDPOINTS =
      Columns.named().text("Endpoints", "Addresses with ports.", (o, n) -> endpoints(o)).age().build();

  public static final TablePrinter ENDPOINT_SLICE =
      Columns.named()
          .text("AddressType", "The kind of addresses.", (o, n) -> text(o, "addressType"))
          .text("Ports", "The ports of all endpoints.", (o, n) -> slicePorts(o))
          .text("Endpoints", "The addresses.", (o, n) -> sliceAddresses(o))
          .age()
          .build();

  public static final TablePrinter INGRESS =
      Columns.named()
          .text("Class", "Who serves the ingress.", (o, n) -> ingressClass(o))
          .text("Hosts", "The host names.", (o, n) -> hosts(o))
          .text("Address", "Where it is served.", (o, n) -> balancer(o))
          .text("Ports", "The ports.", (o, n) -> Trees.list(o, "spec", "tls").isEmpty() ? "80" : "80, 443")
          .age()
          .build();

  public static final TablePrinter INGRESS_CLASS =
      Columns.named()
          .text("Controller", "Who serves ingresses of this class.", (o, n) -> text(o, "spec", "controller"))
          .text("Parameters", "The object with further settings.", (o, n) -> parameters(o))
          .age()
          .build();

  public static final TablePrinter NETWORK_POLICY =
      Columns.named()
          .text("Pod-Selector", "The pods that the policy is for.", (o, n) -> Cells.selector(Trees.map(o, "spec", "podSelector")))
          .age()
          .build();

  public static final TablePrinter IP_ADDRESS =
      Columns.named()
          .text("ParentRef", "The object that has the address.", (o, n) -> parent(o))
          .build();

  public static final TablePrinter SERVICE_CIDR =
      Columns.named()
          .text("CIDRs", "The ranges of addresses.", (o, n) -> String.join(",", Trees.strings(o, "spec", "cidrs")))
          .age()
          .build();

  private NetworkPrinters() {}

  private static String external(Map<String, Object> service) {
    List<String> ips = new ArrayList<>();
    List<String> external = Trees.strings(service, "spec", "externalIPs");
    switch (text(service, "spec", "type")) {
      case "ExternalName" -> {
        return text(service, "spec", "externalName");
      }
      case "LoadBalancer" -> {
        String balancer = balancer(service);
        if (!balancer.isEmpty()) {
          ips.add(balancer);
        }
        ips.addAll(external);
        return ips.isEmpty() ? "<pending>" : String.join(",", ips);
      }
      default -> {
        return Cells.join(external);
      }
    }
  }

  private static String balancer(Map<String, Object> object) {
    Set<String> addresses = new TreeSet<>();
    for (Map<String, Object> ingress : Trees.maps(object, "status", "loadBalancer", "ingress")) {
      String ip = text(ingress, "ip");
      addresses.add(ip.isEmpty() ? text(ingress, "hostname") : ip);
    }
    addresses.remove("");
    return String.join(",", addresses);
  }

  private static String servicePorts(Map<String, Object> service) {
    List<String> ports = new ArrayList<>();
    for (Map<String, Object> port : Trees.maps(service, "spec", "ports")) {
      long node = Cells.number(port, "nodePort");
      ports.add(
          text(port, "port") + (node > 0 ? ":" + node : "") + "/" + Cells.textOr("TCP", port, "protocol"));
    }
    return Cells.join(ports);
  }

  private static String endpoints(Map<String, Object> endpoints) {
    List<String> all = new ArrayList<>();
    for (Map<String, Object> subset : Trees.maps(endpoints, "subsets")) {
      for (Map<String, Object> address : Trees.maps(subset, "addresses")) {
        String ip = text(address, "ip");
        String host = ip.contains(":") ? "[" + ip + "]" : ip;
        List<Map<String, Object>> ports = Trees.maps(subset, "ports");
        if (ports.isEmpty()) {
          all.add(ip);
        }
        for (Map<String, Object> port : ports) {
          all.add(host + ":" + text(port, "port"));
        }
      }
    }
    return Cells.firstThree(all);
  }

  private static String slicePorts(Map<String, Object> slice) {
    List<String> ports = new ArrayList<>();
    for (Map<String, Object> port : Trees.maps(slice, "ports")) {
      String number = text(port, "port");
      ports.add(number.isEmpty() ? "*" : number);
    }
    if (ports.isEmpty()) {
      return Cells.UNSET;
    }
    return Cells.firstThree(ports);
  }

  private static String sliceAddresses(Map<String, Object> slice) {
    List<String> addresses = new ArrayList<>();
    for (Map<String, Object> endpoint : Trees.maps(slice, "endpoints")) {
      addresses.addAll(Trees.strings(endpoint, "addresses"));
    }
    return addresses.isEmpty() ? Cells.UNSET : Cells.firstThree(addresses);
  }

  private static String ingressClass(Map<String, Object> ingress) {
    String name = text(ingress, "spec", "ingressClassName");
    return name.isEmpty()
        ? Cells.textOr(Cells.NONE, ingress, "metadata", "annotations", "kubernetes.io/ingress.class")
        : name;
  }

  private static String hosts(Map<String, Object> ingress) {
    Set<String> hosts = new LinkedHashSet<>();
    for (Map<String, Object> rule : Trees.maps(ingress, "spec", "rules")) {
      hosts.add(text(rule, "host"));
    }
    hosts.remove("");
    return hosts.isEmpty() ? "*" : Cells.firstThree(List.copyOf(hosts));
  }

  private static String parameters(Map<String, Object> ingressClass) {
    Map<String, Object> reference = Trees.map(ingressClass, "spec", "parameters");
    if (reference == null) {
      return Cells.NONE;
    }
    String group = text(reference, "apiGroup");
    return text(reference, "kind") + (group.isEmpty() ? "" : "." + group) + "/" + text(reference, "name");
  }

  private static String parent(Map<String, Object> address) {
    Map<String, Object> reference = Trees.map(address, "spec", "parentRef");
    if (reference == null) {
      return "";
    }
    String group = text(reference, "group");
    String namespace = text(reference, "namespace");
    return text(reference, "resource")
        + (group.isEmpty() ? "" : "." + group)
        + "/"
        + (namespace.isEmpty() ? "" : namespace + "/")
        + text(reference, "name");
  }
}
