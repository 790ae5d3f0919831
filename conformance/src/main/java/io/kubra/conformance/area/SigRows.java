package io.kubra.conformance.area;

import static io.kubra.conformance.check.ApiChecks.kinds;

import io.kubra.conformance.check.Rows;
import io.kubra.conformance.probe.JobProbes;
import io.kubra.conformance.probe.NetworkProbes;
import io.kubra.conformance.probe.NodeProbes;
import io.kubra.conformance.probe.PodProbes;
import io.kubra.conformance.probe.SandboxProbes;
import io.kubra.conformance.probe.StorageProbes;

/** Rows of chapter 6 on the features of special interest groups; the rest is the suite's. */
final class SigRows {
  private SigRows() {}

  static void add(Rows rows) {
    rows.add("x.sig.network.nosnat", "Keep source addresses.", NetworkProbes.CONNECTIVITY)
        .add("x.sig.network.networking-ipv4", "Repair the network.", NetworkProbes.CONNECTIVITY)
        .add("x.sig.network.networkpolicy", "Enforce policies.", NetworkProbes.POLICY)
        .add("x.sig.network.ipv6dualstack", "Use both families.", NetworkProbes.DUAL_STACK)
        .add(
            "x.sig.network.servicecidrs",
            "Serve the kinds.",
            kinds("networking.k8s.io/v1", "ServiceCIDR", "IPAddress"))
        .add("x.sig.apps.ttlafterfinished", "Delete finished Jobs.", JobProbes.TIME_TO_LIVE)
        .add("x.sig.apps.indexedjob", "Run indexed Jobs.", JobProbes.INDEXED)
        .add("x.sig.apps.suspendjob", "Honour suspend.", JobProbes.SUSPENDED)
        .add("x.sig.auth.nodeauthenticator", "Authenticate at 10250.", NodeProbes.AUTHENTICATES)
        .add("x.sig.auth.nodeauthorizer", "Use the Node authorizer.", NodeProbes.AUTHORISED)
        .add("x.sig.node.sysctls", "Refuse unsafe sysctls.", NodeProbes.SYSCTLS)
        .add("x.sig.node.runtimehandler", "Add a RuntimeClass.", SandboxProbes.SANDBOX)
        .add("x.sig.node.example", "Repair liveness probes.", PodProbes.LIVENESS)
        .add("x.sig.node.sidecarcontainers", "Run sidecars.", PodProbes.SIDECAR)
        .add("x.sig.node.usernamespacessupport", "Use user namespaces.", PodProbes.USER_NAMESPACE)
        .add("x.sig.node.podreadinessgate", "Honour gates.", PodProbes.READINESS_GATE)
        .add("x.sig.storage.fsgroup", "Honour fsGroup.", PodProbes.FS_GROUP)
        .add(
            "x.sig.storage.volumes",
            "Repair volumes.",
            StorageProbes.PROJECTED,
            StorageProbes.CLAIM)
        .add(
            "x.sig.scheduling.localstoragecapacityisolation",
            "Repair the scheduler.",
            PodProbes.TOO_LARGE);
  }
}
