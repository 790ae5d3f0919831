package io.kubra.conformance.area;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.NodeFacts;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows on slots, fast packet paths, real time and low-level runtimes, read on the nodes. */
final class MachineRows {
  private static final int SLOTS = 8;
  private static final int EIGHT_LANES = 11;
  private static final int FIRST_GEN3 = 0xb1;
  private static final int LAST_PCIE = 0xc4;
  // Drivers of the kernel that receive into user space without a copy.
  private static final Set<String> ZERO_COPY =
      Set.of(
          "i40e",
          "ice",
          "ixgbe",
          "igb",
          "igc",
          "idpf",
          "mlx5_core",
          "mana",
          "stmmac",
          "gve",
          "nfp",
          "fec",
          "dpaa2_eth",
          "ti_am65_cpsw",
          "tsnep",
          "ena");

  private MachineRows() {}

  private static boolean virtual(Map<String, Object> node) {
    return NodeFacts.values(node, "virtual").contains("yes");
  }

  /** Whether a slot is PCIe of the third generation or newer, and eight lanes wide. */
  private static boolean wide(String slot) {
    String[] numbers = slot.split(" ");
    if (numbers.length < 2) {
      return false;
    }
    int type = Integer.parseInt(numbers[0]);
    return type >= FIRST_GEN3 && type <= LAST_PCIE && Integer.parseInt(numbers[1]) >= EIGHT_LANES;
  }

  private static final Check PCIE =
      Check.of(
          "read on each node: the firmware's list of slots",
          context -> {
            Findings findings = new Findings();
            List<String> silent = new ArrayList<>();
            int count = 0;
            for (Map<String, Object> node : NodeFacts.nodes(context)) {
              if (virtual(node)) {
                continue;
              }
              count++;
              List<String> slots = NodeFacts.values(node, "slot");
              long wide = slots.stream().filter(MachineRows::wide).count();
              String line =
                  node.get("node") + " has " + wide + " wide PCIe slots of " + slots.size();
              if (slots.isEmpty()) {
                silent.add(String.valueOf(node.get("node")));
              } else {
                findings.expect(wide >= SLOTS, line, line);
              }
            }
            if (count == 0) {
              return Verdict.notApplicable(
                  "all nodes are virtual machines; the hardware below them cannot be seen");
            }
            return findings.failed() || silent.isEmpty()
                ? findings.verdict()
                : new Verdict.NotCheckable(
                    Verdict.Cause.MEANS,
                    "the firmware of these lists no slots: " + String.join(", ", silent),
                    findings.evidence());
          });

  private static boolean offersXdp(Map<String, Object> node) {
    Map<String, Object> allocatable = Trees.map(node, "status", "allocatable");
    return allocatable != null
        && allocatable.keySet().stream().anyMatch(k -> k.matches("(?i).*xdp.*"));
  }

  private static final Check AF_XDP =
      Check.of(
          "nodes that offer AF_XDP have a driver that receives without copies",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (Map<String, Object> node : context.nodes()) {
              if (!offersXdp(node)) {
                continue;
              }
              for (Map<String, Object> facts : NodeFacts.nodes(context)) {
                if (Named.name(node).equals(facts.get("node"))) {
                  count++;
                  List<String> drivers = NodeFacts.values(facts, "nic-driver");
                  String line = facts.get("node") + " has NICs with " + drivers;
                  findings.expect(drivers.stream().anyMatch(ZERO_COPY::contains), line, line);
                }
              }
            }
            return count == 0
                ? Verdict.notApplicable("AF_XDP is not offered: no node has such a resource")
                : findings.verdict();
          });

  private static boolean realTime(Context context, Map<String, Object> facts)
      throws InterruptedException {
    return context.nodes().stream()
        .filter(n -> Named.name(n).equals(facts.get("node")))
        .map(n -> Trees.map(n, "metadata", "labels"))
        .anyMatch(
            labels ->
                labels != null
                    && labels.entrySet().stream()
                        .anyMatch(
                            l ->
                                String.valueOf(l.getValue()).contains("rt-tsn")
                                    || l.getKey().contains("rt-tsn")));
  }

  private static final Check REAL_TIME =
      Check.of(
          "nodes of the rt-tsn flavour run a real-time kernel with processors set apart",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (Map<String, Object> node : NodeFacts.nodes(context)) {
              if (!realTime(context, node)) {
                continue;
              }
              count++;
              Object name = node.get("node");
              List<String> arguments = NodeFacts.values(node, "kernel-argument");
              findings.expect(
                  NodeFacts.values(node, "realtime").contains("yes"),
                  name + " runs a real-time kernel",
                  name + " does not run a real-time kernel");
              for (String argument : List.of("isolcpus=", "nohz_full=", "rcu_nocbs=")) {
                findings.expect(
                    arguments.stream().anyMatch(a -> a.startsWith(argument)),
                    name + " was started with " + argument,
                    name + " was started without " + argument);
              }
            }
            return count == 0
                ? Verdict.notApplicable("no node is labelled as one of the rt-tsn flavour")
                : findings.verdict();
          });

  private static boolean atLeastOne(String version) {
    return version.matches("[1-9]\\d*\\..*");
  }

  private static final Check OCI =
      Check.of(
          "the nodes' low-level runtimes follow version 1.0 of the OCI runtime specification",
          context -> {
            Findings findings = new Findings();
            List<String> silent = new ArrayList<>();
            for (Map<String, Object> node : NodeFacts.nodes(context)) {
              if (NodeFacts.values(node, "runtime").stream().noneMatch(r -> r.contains(" "))) {
                silent.add(String.valueOf(node.get("node")));
              }
              for (String runtime : NodeFacts.values(node, "runtime")) {
                String[] parts = runtime.split(" ", 2);
                if (parts.length == 2) {
                  String line = node.get("node") + ": " + parts[0] + " follows " + parts[1];
                  findings.expect(atLeastOne(parts[1]), line, line);
                }
              }
            }
            boolean none = NodeFacts.nodes(context).isEmpty();
            return findings.failed() || silent.isEmpty() && !none
                ? findings.verdict()
                : new Verdict.NotCheckable(
                    Verdict.Cause.MEANS,
                    none
                        ? "no node could be read"
                        : "no runtime was found, or it told no version, on "
                            + String.join(", ", silent),
                    findings.evidence());
          });

  static void add(Rows rows) {
    rows.add("ra2.ch.016", "Use hosts with eight wide PCIe slots.", PCIE)
        .add("ra2.ch.019", "Use NICs whose drivers do zero-copy AF_XDP.", AF_XDP)
        .add(
            "ra2.ch.020",
            "Start a PREEMPT_RT kernel with isolcpus, nohz_full and rcu_nocbs.",
            REAL_TIME)
        .add("ra2.crt.001", "Use a newer runtime.", OCI);
  }
}
