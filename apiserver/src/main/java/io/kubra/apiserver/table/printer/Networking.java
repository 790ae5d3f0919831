package io.kubra.apiserver.table.printer;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.TablePrinter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Ingresses, network policies and address ranges. */
final class Networking {
  private Networking() {}

  static TablePrinter ingress() {
    return Columns.named()
        .text(
            "Class",
            "The class that serves it.",
            r -> r.textOr(Row.NONE, "spec", "ingressClassName"))
        .text("Hosts", "The hosts that have rules.", Networking::hosts)
        .text("Address", "The addresses of the load balancer.", Services::balancers)
        .text(
            "Ports",
            "The ports that it listens on.",
            r -> r.size("spec", "tls") > 0 ? "80, 443" : "80")
        .age()
        .printer();
  }

  static TablePrinter ingressClass() {
    return Columns.named()
        .text("Controller", "What serves this class.", r -> r.text("spec", "controller"))
        .text("Parameters", "More configuration of the class.", Networking::parameters)
        .age()
        .printer();
  }

  static TablePrinter networkPolicy() {
    return Columns.named()
        .text(
            "Pod-Selector",
            "Selects the pods it holds for.",
            r -> Texts.selector(Trees.map(r.object(), "spec", "podSelector")))
        .age()
        .printer();
  }

  static TablePrinter serviceCidr() {
    return Columns.named()
        .text(
            "CIDRs",
            "The ranges of addresses for services.",
            r -> String.join(",", r.strings("spec", "cidrs")))
        .age()
        .printer();
  }

  static TablePrinter ipAddress() {
    return Columns.named().text("ParentRef", "What has the address.", Networking::parent).printer();
  }

  private static String hosts(Row r) {
    List<Map<String, Object>> rules = r.maps("spec", "rules");
    List<String> hosts =
        rules.stream()
            .map(rule -> Trees.stringOr(rule, "", "host"))
            .filter(h -> !h.isEmpty())
            .toList();
    return hosts.isEmpty() ? "*" : Texts.few(hosts);
  }

  private static String parameters(Row r) {
    if (!r.has("spec", "parameters")) {
      return Row.NONE;
    }
    String group = r.text("spec", "parameters", "apiGroup");
    return r.text("spec", "parameters", "kind")
        + (group.isEmpty() ? "" : "." + group)
        + "/"
        + r.text("spec", "parameters", "name");
  }

  private static String parent(Row r) {
    if (!r.has("spec", "parentRef")) {
      return Row.NONE;
    }
    String group = r.text("spec", "parentRef", "group");
    String namespace = r.text("spec", "parentRef", "namespace");
    String resource = r.text("spec", "parentRef", "resource");
    return (group.isEmpty() ? resource : resource + "." + group).toLowerCase(Locale.ROOT)
        + (namespace.isEmpty() ? "" : "/" + namespace)
        + "/"
        + r.text("spec", "parentRef", "name");
  }
}
