package io.kubra.conformance.area;

import static io.kubra.conformance.check.ApiChecks.someKind;

import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Rows;

/** Rows on the life cycle of clusters and nodes. */
final class LifecycleRows {
  private static final String GROUP = "cluster.x-k8s.io";
  private static final String REMEDY = "Serve a life-cycle API in the shape of the Cluster API.";

  private static final String UNTRIED =
      "the kind is served; whether machines follow is not tried, since it costs machines: try it by"
          + " hand";

  private LifecycleRows() {}

  static void add(Rows rows) {
    Check cluster = someKind(GROUP, "Cluster");
    rows.add("ra2.lcm.001", REMEDY, cluster.necessary(UNTRIED))
        .add(
            "ra2.lcm.002",
            REMEDY,
            someKind(GROUP, "MachineDeployment", "MachinePool").necessary(UNTRIED))
        .add("ra2.lcm.003", REMEDY, someKind(GROUP, "MachineDeployment").necessary(UNTRIED))
        .add("ra2.lcm.004", REMEDY, cluster)
        .add("ra2.lcm.005", REMEDY, someKind(GROUP, "Machine"))
        .add("ra2.lcm.006", REMEDY, someKind(GROUP, "MachineSet", "MachinePool"))
        .add("ra2.lcm.007", REMEDY, someKind(GROUP, "MachineDeployment"))
        .add("ra2.lcm.008", REMEDY, someKind(GROUP, "MachineHealthCheck").necessary(UNTRIED))
        .add(
            "ra2.lcm.009",
            REMEDY,
            someKind("bootstrap." + GROUP, "KubeadmConfig").necessary(UNTRIED));
  }
}
