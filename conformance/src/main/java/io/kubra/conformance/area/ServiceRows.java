package io.kubra.conformance.area;

import static io.kubra.conformance.check.ApiChecks.informative;
import static io.kubra.conformance.check.ApiChecks.kinds;
import static io.kubra.conformance.check.ApiChecks.some;
import static io.kubra.conformance.check.ApiChecks.someKind;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.BalancerProbes;
import io.kubra.conformance.probe.NetworkProbes;
import io.kubra.conformance.probe.NodeProbes;
import io.kubra.conformance.verdict.Verdict;

/** Rows on monitoring, package managers and platform services. */
final class ServiceRows {
  private static final Check NO_TILLER =
      Check.of(
          "no Tiller runs in the cluster",
          context ->
              context.list("/apis/apps/v1/deployments").stream()
                      .anyMatch(d -> Named.name(d).equals("tiller-deploy"))
                  ? Verdict.fail("a Deployment tiller-deploy exists")
                  : Verdict.pass("there is no Deployment tiller-deploy"));

  private ServiceRows() {}

  static void add(Rows rows) {
    rows.add(
            "seed.sup.1",
            "Install what is missing: metrics API, DNS, feature discovery.",
            someKind("metrics.k8s.io", "PodMetrics"),
            kinds("certificates.k8s.io/v1", "CertificateSigningRequest"),
            HostRows.FEATURE_LABELS,
            NetworkProbes.CONNECTIVITY,
            NodeProbes.METRICS)
        .add("ra2.mon.001", "Serve metrics of every component.", NodeProbes.METRICS)
        .add("ra2.pkg.001", "Use Helm 3.", NO_TILLER)
        .add("seed.pkg.1", "Use Helm 3.", NO_TILLER)
        .add("ra2.plat.030", "Use Helm 3.", NO_TILLER)
        .add("ra2.plat.003", "Install a load balancer.", NetworkProbes.LOAD_BALANCER)
        .add(
            "ra2.plat.001",
            "",
            informative("data store", "postgres", "mysql", "mariadb", "redis", "cassandra"))
        .add(
            "ra2.plat.002",
            "",
            informative("messaging service", "kafka", "nats", "rabbitmq", "pulsar"))
        .add(
            "ra2.plat.015",
            "",
            Check.of(
                "discovery lists groups of the Service Mesh Interface",
                context ->
                    context.discovery().groupVersions().stream()
                            .anyMatch(g -> g.contains("smi-spec.io"))
                        ? Verdict.pass("groups of smi-spec.io are served")
                        : Verdict.notApplicable("no service mesh is offered")))
        .add("ra2.plat.016", "", informative("monitoring", "prometheus", "grafana", "thanos"))
        .add("ra2.plat.017", "", informative("logging", "fluent", "loki", "opensearch", "vector"))
        .add("ra2.plat.031", "", informative("CI/CD", "argocd", "flux", "tekton", "jenkins"))
        .add("ra2.plat.032", "", ingress())
        .add("ra2.plat.033", "", ingress())
        .add("ra2.plat.041", "", informative("network service", "nsm", "free5gc", "open5gs"))
        .add("ra2.plat.042", "", NetworkProbes.CONNECTIVITY)
        .add("ra2.plat.043", "", informative("automation", "ansible", "crossplane", "salt"))
        .add("ra2.plat.044", "", informative("key management", "vault", "openbao"))
        .add("ra2.plat.045", "", informative("tracing", "jaeger", "tempo", "otel", "zipkin"));
    balancer(rows);
    LogRows.add(rows);
    EgressRows.add(rows);
  }

  private static void balancer(Rows rows) {
    String remedy = "Install a load balancer that gives Services addresses, and repair this in it.";
    rows.add("ra2.plat.004", remedy, BalancerProbes.SCALING)
        .add(
            "ra2.plat.005",
            remedy,
            BalancerProbes.ENDPOINT_LOSS.necessary(
                "the loss of a pod is survived; the balancer's own instances are not killed, since"
                    + " other Services use them: kill one by hand while requests go on"))
        .add("ra2.plat.006", remedy, BalancerProbes.SCALING, BalancerProbes.ENDPOINT_LOSS)
        .add("ra2.plat.007", remedy, BalancerProbes.LAYER_FOUR)
        .add("ra2.plat.008", remedy, BalancerProbes.EVEN)
        .add("ra2.plat.009", remedy, BalancerProbes.EVENT_LOG)
        .add("ra2.plat.010", remedy, BalancerProbes.WATCHES, BalancerProbes.FIELDS)
        .add("ra2.plat.011", remedy, BalancerProbes.DIRECT_RETURN)
        .add("ra2.plat.012", remedy, BalancerProbes.STATE)
        .add("ra2.plat.013", remedy, BalancerProbes.BOTH_PROTOCOLS, BalancerProbes.DATAGRAMS)
        .add("ra2.plat.014", remedy, BalancerProbes.FRAGMENTS);
  }

  private static Check ingress() {
    Check some =
        some(
            "an IngressClass with a controller",
            "/apis/networking.k8s.io/v1/ingressclasses",
            c -> !Trees.stringOr(c, "", "spec", "controller").isEmpty());
    return some.when(
        context ->
            context.list("/apis/networking.k8s.io/v1/ingressclasses").isEmpty()
                ? "optional, and there is no IngressClass"
                : "");
  }
}
