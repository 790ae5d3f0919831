package io.kubra.conformance.area;

import static io.kubra.conformance.check.ApiChecks.nodes;

import io.kubra.api.quantity.Quantity;
import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.ApiChecks;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.NodeFacts;
import io.kubra.conformance.verdict.Findings;
import java.util.List;
import java.util.Map;

/** Rows on hardware, hosts and their operating system. */
final class HostRows {
  private static final String NFD = "feature.node.kubernetes.io/";

  private HostRows() {}

  private static String info(Map<String, Object> node, String field) {
    return Trees.stringOr(node, "", "status", "nodeInfo", field);
  }

  private static final Check COMMITTED =
      Check.of(
          "requests and limits of each node's pods stay below its allocatable CPU",
          context -> {
            Findings findings = new Findings();
            for (Map<String, Object> node : context.nodes()) {
              if (!Nodes.runsPods(node)) {
                continue;
              }
              long requests = 0;
              long limits = 0;
              for (Map<String, Object> pod : context.list("/api/v1/pods")) {
                String phase = Trees.stringOr(pod, "", "status", "phase");
                if (!Named.name(node).equals(Trees.string(pod, "spec", "nodeName"))
                    || phase.equals("Succeeded")
                    || phase.equals("Failed")
                    || Named.labelled(pod, io.kubra.conformance.cluster.Workspace.LABEL)) {
                  continue;
                }
                for (Map<String, Object> c : Trees.maps(pod, "spec", "containers")) {
                  requests += cpu(c, "requests");
                  limits += cpu(c, "limits");
                  if (Trees.get(c, "resources", "limits", "cpu") == null) {
                    findings.breach(Named.full(pod) + " has no CPU limit");
                  }
                }
              }
              long room = Nodes.allocatable(node, "cpu");
              String line =
                  "%s: requests %dm, limits %dm of %dm"
                      .formatted(Named.name(node), requests, limits, room);
              findings.expect(requests < room && limits < room, line, line);
            }
            return findings.verdict();
          });

  private static long cpu(Map<String, Object> container, String list) {
    Quantity quantity = Quantity.tryParse(Trees.string(container, "resources", list, "cpu"));
    return quantity == null ? 0 : quantity.milli();
  }

  private static Check size(String resource, long least, String unit) {
    return nodes(
        "capacity of " + resource + " is at least " + least + " " + unit,
        Nodes::runsPods,
        n -> Nodes.capacity(n, resource) >= least,
        n -> resource + " " + Nodes.capacity(n, resource));
  }

  static final Check FEATURE_LABELS =
      nodes(
          "nodes carry feature labels",
          n -> Nodes.ready(n) && Nodes.runsPods(n),
          HostRows::discovered,
          n -> discovered(n) ? "feature labels present" : "no label under " + NFD);

  static void add(Rows rows) {
    rows.add(
            "ra2.ch.001",
            "Reserve huge pages of both sizes.",
            nodes(
                "huge pages of both sizes are allocatable",
                Nodes::runsPods,
                n ->
                    Nodes.allocatable(n, "hugepages-2Mi") > 0
                        && Nodes.allocatable(n, "hugepages-1Gi") > 0,
                n ->
                    "hugepages-2Mi "
                        + Nodes.allocatable(n, "hugepages-2Mi")
                        + ", hugepages-1Gi "
                        + Nodes.allocatable(n, "hugepages-1Gi")))
        .add(
            "ra2.ch.002",
            "Use NICs with SR-IOV.",
            NodeFacts.fact("sriov-total", "a NIC offers virtual functions", v -> number(v) > 0))
        .add(
            "ra2.ch.003",
            "Create virtual functions in the node's system.",
            NodeFacts.fact("sriov-made", "virtual functions exist", v -> number(v) > 0))
        .add(
            "ra2.ch.004",
            "Switch SMT on in the firmware.",
            NodeFacts.fact(
                "smt",
                "SMT is on or not supported",
                v -> v.equals("on") || v.equals("notsupported") || v.equals("notimplemented")))
        .add("ra2.ch.006", "Give every container a CPU limit, and bound their sum.", COMMITTED)
        .add(
            "ra2.ch.007",
            "Give nodes addresses of both families.",
            nodes(
                "nodes have an internal address of each family",
                Nodes::runsPods,
                n -> families(n).size() == 2,
                n -> "families " + families(n)))
        .add(
            "ra2.ch.008",
            "Use hosts with two sockets of 20 cores.",
            NodeFacts.physical("sockets", "two sockets with 20 cores each", HostRows::twoSockets))
        .add(
            "ra2.ch.009",
            "Use solid-state drives.",
            NodeFacts.physical("rotational", "no disk rotates", v -> !v.contains("1")))
        .add(
            "ra2.ch.010",
            "Give nodes 320 GB of disk.",
            size("ephemeral-storage", 320_000_000_000L, "bytes"))
        .add(
            "ra2.ch.011",
            "Give virtual machines 16 vCPUs.",
            NodeFacts.virtual("cpus", "16 CPUs or more", v -> number(v) >= 16))
        .add("ra2.ch.012", "Give nodes 32 GB of memory.", size("memory", 32_000_000_000L, "bytes"))
        .add(
            "ra2.ch.013",
            "Use hosts with four NIC ports.",
            NodeFacts.physical("nics", "four NIC ports", v -> number(v) >= 4))
        .add(
            "ra2.ch.014",
            "Use NICs of 10 Gbit/s.",
            NodeFacts.physical(
                "nic-speed", "every port runs at 10 Gbit/s", v -> number(v) >= 10_000))
        .add(
            "ra2.ch.015",
            "Use NICs of 25 Gbit/s.",
            NodeFacts.physical(
                "nic-speed", "every port runs at 25 Gbit/s", v -> number(v) >= 25_000))
        .add(
            "ra2.ch.018",
            "Install Node Feature Discovery.",
            FEATURE_LABELS,
            ApiChecks.someKind("nfd.k8s-sigs.io", "NodeFeature"))
        .add(
            "ra2.os.001",
            "Run control planes on a deb or rpm Linux.",
            nodes(
                "control-plane nodes run Linux",
                Nodes::controlPlane,
                n -> info(n, "operatingSystem").equals("linux"),
                n -> info(n, "operatingSystem") + ", " + info(n, "osImage")),
            NodeFacts.fact(
                "os", "the system is of the deb or rpm kind", v -> v.matches("(?s).*(deb|rpm).*")))
        .add(
            "seed.os.1",
            "Run control planes on a deb or rpm Linux.",
            nodes(
                "control-plane nodes run Linux",
                Nodes::controlPlane,
                n -> info(n, "operatingSystem").equals("linux"),
                n -> info(n, "operatingSystem") + ", " + info(n, "osImage")))
        .add(
            "ra2.os.002",
            "Run a newer kernel.",
            nodes(
                "kernels are 4.18 or newer",
                n -> true,
                n -> kernel(info(n, "kernelVersion")) >= 418,
                n -> "kernel " + info(n, "kernelVersion")))
        .add("ra2.os.003", "Run Windows on workers only.", windows())
        .add("seed.os.2", "Run Windows on workers only.", windows())
        .add(
            "seed.os.4",
            "",
            nodes(
                "control-plane nodes are counted",
                Nodes::controlPlane,
                n -> true,
                n -> "is a control-plane node"));
  }

  private static Check windows() {
    return nodes(
        "Windows nodes are workers",
        n -> info(n, "operatingSystem").equals("windows"),
        Nodes::worker,
        n -> info(n, "osImage"));
  }

  private static boolean discovered(Map<String, Object> node) {
    Map<String, Object> labels = Trees.map(node, "metadata", "labels");
    return labels != null && labels.keySet().stream().anyMatch(k -> k.startsWith(NFD));
  }

  private static List<String> families(Map<String, Object> node) {
    return Trees.maps(node, "status", "addresses").stream()
        .filter(a -> "InternalIP".equals(Trees.string(a, "type")))
        .map(a -> Trees.stringOr(a, "", "address").contains(":") ? "IPv6" : "IPv4")
        .distinct()
        .sorted()
        .toList();
  }

  private static boolean twoSockets(String text) {
    String[] parts = text.split(" ");
    return parts.length >= 2
        && java.util.Arrays.stream(parts)
            .allMatch(p -> number(p.substring(p.indexOf(':') + 1)) >= 20);
  }

  private static long number(String text) {
    return text.matches("-?\\d+") ? Long.parseLong(text) : 0;
  }

  private static int kernel(String version) {
    String[] parts = version.split("[.-]");
    return parts.length < 2 ? 0 : (int) (number(parts[0]) * 100 + number(parts[1]));
  }
}
