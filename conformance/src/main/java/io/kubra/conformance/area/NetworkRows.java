package io.kubra.conformance.area;

import static io.kubra.conformance.check.ApiChecks.kinds;
import static io.kubra.conformance.check.ApiChecks.someKind;

import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.probe.BalancerProbes;
import io.kubra.conformance.probe.NetworkProbes;
import io.kubra.conformance.probe.ServiceProbes;

/** Rows on networking. */
final class NetworkRows {
  private static final Check.Condition MULTIPLEXER =
      context ->
          context.discovery().serves("k8s.cni.cncf.io/v1")
              ? ""
              : "no multiplexer is used: the cluster serves no k8s.cni.cncf.io/v1";

  private NetworkRows() {}

  static void add(Rows rows) {
    String balancer = "Install a load balancer that gives Services addresses.";
    rows.add(
            "ra2.ntw.001",
            "Run networking through the API.",
            kinds("networking.k8s.io/v1", "NetworkPolicy", "Ingress"),
            kinds("v1", "Service"),
            ServiceProbes.UDP,
            ServiceProbes.NAMES)
        .add("ra2.ntw.002", "Use a CNI plugin.", NetworkProbes.CONNECTIVITY)
        .add(
            "ra2.ntw.003",
            "Install secondary networks.",
            someKind("k8s.cni.cncf.io", "NetworkAttachmentDefinition")
                .necessary("definitions are served; attaching pods is not tried yet"))
        .add(
            "ra2.ntw.004",
            "Install secondary networks.",
            someKind("k8s.cni.cncf.io", "NetworkAttachmentDefinition")
                .necessary("definitions are served; attaching pods is not tried yet"))
        .add(
            "ra2.ntw.016",
            "Serve the definitions of the multi-network standard.",
            kinds("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition").when(MULTIPLEXER))
        .add("ra2.ntw.013", "Use a dual-stack network.", NetworkProbes.DUAL_STACK)
        .add("ra2.ntw.014", "Enforce NetworkPolicy.", NetworkProbes.POLICY)
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
        .add("ra2.ntw.019", "", someKind("gateway.networking.k8s.io", "GatewayClass"))
        .add("seed.cni.1", "Use a CNI plugin.", NetworkProbes.CONNECTIVITY);
    Check absent = Check.of("needs a multiplexer", context -> notYet()).when(MULTIPLEXER);
    for (String row : new String[] {"005", "006", "007", "009", "015"}) {
      rows.add("ra2.ntw." + row, "", absent);
    }
  }

  private static io.kubra.conformance.verdict.Verdict notYet() {
    return io.kubra.conformance.verdict.Verdict.notCheckable(
        io.kubra.conformance.verdict.Verdict.Cause.MEANS,
        "this version has no check for it; look at it by hand");
  }
}
