package io.kubra.conformance.area;

import static io.kubra.conformance.check.ApiChecks.kinds;
import static io.kubra.conformance.check.ApiChecks.some;
import static io.kubra.conformance.check.ApiChecks.someKind;

import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.AttachmentProbes;
import io.kubra.conformance.probe.BalancerProbes;
import io.kubra.conformance.probe.CniFacts;
import io.kubra.conformance.probe.NetworkProbes;
import io.kubra.conformance.probe.NodeFacts;
import io.kubra.conformance.probe.ServiceProbes;

/** Rows on networking. */
final class NetworkRows {
  private static final Check.Condition MULTIPLEXER =
      context ->
          context.discovery().serves("k8s.cni.cncf.io/v1")
              ? ""
              : "no multiplexer is used: the cluster serves no k8s.cni.cncf.io/v1";

  private static final Check.Condition REAL_TIME =
      context ->
          NodeFacts.nodes(context).stream()
                  .anyMatch(n -> !NodeFacts.values(n, "realtime").isEmpty())
              ? ""
              : "no node runs a real-time kernel, so none is of the rt-tsn flavour";
  private static final Check GATEWAY =
      some(
              "a GatewayClass is Accepted",
              "/apis/gateway.networking.k8s.io/v1/gatewayclasses",
              c -> Named.condition(c, "Accepted"))
          .when(
              context ->
                  context.discovery().serves("gateway.networking.k8s.io/v1")
                      ? ""
                      : "optional, and the Gateway API is not served");

  private NetworkRows() {}

  static void add(Rows rows) {
    String networks = "Install a multiplexer of networks, such as Multus.";
    String balancer = "Install a load balancer that gives Services addresses.";
    rows.add(
            "ra2.ntw.001",
            "Run networking through the API.",
            kinds("networking.k8s.io/v1", "NetworkPolicy", "Ingress"),
            kinds("v1", "Service"),
            ServiceProbes.UDP,
            ServiceProbes.NAMES)
        .add("ra2.ntw.002", "Use a CNI plugin.", CniFacts.CONFORMANT, NetworkProbes.CONNECTIVITY)
        .add("ra2.ntw.003", networks, AttachmentProbes.FIVE)
        .add("ra2.ntw.004", networks, AttachmentProbes.BY_ANNOTATION)
        .add(
            "ra2.ntw.005",
            networks,
            someKind("k8s.cni.cncf.io", "NetworkAttachmentDefinition").when(MULTIPLEXER),
            CniFacts.MULTIPLEXER.when(MULTIPLEXER))
        .add("ra2.ntw.006", networks, CniFacts.MULTIPLEXER.when(MULTIPLEXER))
        .add("ra2.ntw.007", networks, AttachmentProbes.TWO_PLUGINS.when(MULTIPLEXER))
        .add("ra2.ntw.008", "Install the device plugin of SR-IOV.", CniFacts.VIRTUAL_FUNCTIONS)
        .add("ra2.ntw.009", networks, AttachmentProbes.PLUGINS_EXIST.when(MULTIPLEXER))
        .add(
            "ra2.ntw.010",
            "Install the CNI plugin of SR-IOV, or one for userspace networking.",
            CniFacts.FAST_PLUGINS.necessary(
                "plugins are there; giving a pod a device for DPDK takes hardware from others: try"
                    + " it by hand"))
        .add("ra2.ntw.011", "Route pod addresses without NAT.", NetworkProbes.PRESERVED)
        .add("ra2.ntw.012", "Install the device plugin of the accelerator.", CniFacts.ACCELERATORS)
        .add(
            "ra2.ntw.015",
            "Give out addresses by a plugin that knows all nodes.",
            AttachmentProbes.ADDRESSES.when(MULTIPLEXER))
        .add(
            "ra2.ntw.016",
            "Serve the definitions of the multi-network standard.",
            kinds("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition").when(MULTIPLEXER),
            AttachmentProbes.FORMS.when(MULTIPLEXER))
        .add(
            "ra2.ntw.023",
            "Run ptp4l and phc2sys against a hardware clock.",
            NodeFacts.fact(
                    "ptp-clock", "a network card has a PTP hardware clock", v -> !v.isBlank())
                .when(REAL_TIME))
        .add("ra2.ntw.013", "Use a dual-stack network.", NetworkProbes.DUAL_STACK)
        .add(
            "ra2.ntw.014",
            "Enforce NetworkPolicy.",
            NetworkProbes.POLICY,
            NetworkProbes.POLICY_RULES)
        .add("ra2.ntw.017", balancer, BalancerProbes.BOTH_PROTOCOLS)
        .add("ra2.ntw.018", balancer, NetworkProbes.LOAD_BALANCER, BalancerProbes.FIELDS)
        .add("ra2.ntw.020", balancer, BalancerProbes.ANNOUNCED)
        .add("ra2.ntw.021", balancer, BalancerProbes.MULTIPATH)
        .add(
            "ra2.ntw.022",
            balancer,
            BalancerProbes.FAST.necessary(
                "the loss of a pod is survived; a node is not stopped, since others may use it:"
                    + " stop one by hand under a stream of requests"))
        .add("ra2.ntw.019", "Install a controller of the Gateway API.", GATEWAY)
        .add("seed.cni.1", "Use a CNI plugin.", NetworkProbes.CONNECTIVITY);
  }
}
