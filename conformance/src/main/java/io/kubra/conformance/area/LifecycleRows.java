package io.kubra.conformance.area;

import static io.kubra.conformance.check.ApiChecks.someKind;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.RoundTrip;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Rows on the life cycle of clusters and nodes. */
final class LifecycleRows {
  private static final String GROUP = "cluster.x-k8s.io";
  private static final String REMEDY = "Serve a life-cycle API in the shape of the Cluster API.";

  private static final String UNTRIED =
      "the kind is served; whether machines follow is not tried, since it costs machines: try it by"
          + " hand";

  private LifecycleRows() {}

  private static Optional<String> version(Context context, String kind) {
    return context.discovery().groupVersions().stream()
        .filter(g -> g.startsWith(GROUP + "/") && context.discovery().hasKind(g, kind))
        .findFirst();
  }

  private static Verdict unserved(String kind) {
    return Verdict.fail("no version of " + GROUP + " serves " + kind);
  }

  /** A Cluster that is paused, so that no machines come of it. */
  static final Check CLUSTER_OBJECT =
      Check.of(
          GROUP + " serves Cluster; a paused one is made, read, changed and deleted",
          context -> {
            Optional<String> version = version(context, "Cluster");
            return version.isEmpty()
                ? unserved("Cluster")
                : context.verdict(
                    RoundTrip.of(version.get(), "{kind: Cluster, spec: {paused: true}}"));
          });

  /** Machines say which nodes they are. */
  static final Check MACHINES =
      Check.of(
          GROUP + " serves Machine, and each names its node",
          context -> {
            Optional<String> version = version(context, "Machine");
            if (version.isEmpty()) {
              return unserved("Machine");
            }
            List<Map<String, Object>> machines =
                context.list("/apis/" + version.get() + "/machines");
            Findings findings = new Findings();
            Set<String> nodes = new TreeSet<>();
            for (Map<String, Object> machine : machines) {
              String node = Trees.stringOr(machine, "", "status", "nodeRef", "name");
              findings.expect(
                  !node.isEmpty(),
                  Named.full(machine) + " is " + node,
                  Named.full(machine) + " names no node");
              nodes.add(node);
            }
            context.nodes().stream()
                .map(Named::name)
                .filter(n -> !nodes.contains(n))
                .forEach(n -> findings.saw("node " + n + " of this cluster has no Machine here"));
            return findings
                .require(!machines.isEmpty(), "there are Machines: " + machines.size())
                .verdict();
          });

  /** The schema of a rollout's strategy. */
  static final Check STRATEGY =
      Check.of(
          "the schema of MachineDeployment has a rollout strategy",
          context -> {
            Optional<Map<String, Object>> definition =
                context
                    .kube()
                    .find(
                        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/machinedeployments."
                            + GROUP);
            if (definition.isEmpty()) {
              return unserved("MachineDeployment");
            }
            Findings findings = new Findings();
            for (Map<String, Object> version : Trees.maps(definition.get(), "spec", "versions")) {
              if (!Trees.bool(version, "served")) {
                continue;
              }
              Object spec =
                  Trees.get(
                      version, "schema", "openAPIV3Schema", "properties", "spec", "properties");
              boolean has =
                  Trees.get(spec, "strategy") != null
                      || Trees.get(spec, "rollout", "properties", "strategy") != null;
              findings.require(has, version.get("name") + " has a strategy");
            }
            return findings.verdict();
          });

  static void add(Rows rows) {
    rows.add("ra2.lcm.001", REMEDY, CLUSTER_OBJECT.necessary(UNTRIED))
        .add(
            "ra2.lcm.002",
            REMEDY,
            someKind(GROUP, "MachineDeployment", "MachinePool").necessary(UNTRIED))
        .add("ra2.lcm.003", REMEDY, someKind(GROUP, "MachineDeployment").necessary(UNTRIED))
        .add("ra2.lcm.004", REMEDY, CLUSTER_OBJECT)
        .add("ra2.lcm.005", REMEDY, MACHINES)
        .add("ra2.lcm.006", REMEDY, someKind(GROUP, "MachineSet", "MachinePool"))
        .add("ra2.lcm.007", REMEDY, STRATEGY)
        .add("ra2.lcm.008", REMEDY, someKind(GROUP, "MachineHealthCheck").necessary(UNTRIED))
        .add(
            "ra2.lcm.009",
            REMEDY,
            someKind("bootstrap." + GROUP, "KubeadmConfig").necessary(UNTRIED));
  }
}
