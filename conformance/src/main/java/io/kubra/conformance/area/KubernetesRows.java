package io.kubra.conformance.area;

import static io.kubra.conformance.check.ApiChecks.configz;
import static io.kubra.conformance.check.ApiChecks.informative;
import static io.kubra.conformance.check.ApiChecks.kinds;
import static io.kubra.conformance.check.ApiChecks.nodes;
import static io.kubra.conformance.check.ApiChecks.someKind;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Leases;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.ApiProbes;
import io.kubra.conformance.probe.CniFacts;
import io.kubra.conformance.probe.EntryProbes;
import io.kubra.conformance.probe.ImageProbes;
import io.kubra.conformance.probe.NetworkProbes;
import io.kubra.conformance.probe.PodProbes;
import io.kubra.conformance.probe.RoundTrip;
import io.kubra.conformance.probe.ServiceProbes;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Rows on Kubernetes itself and on container runtimes. */
final class KubernetesRows {
  static final Check VERSION =
      Check.of(
          "GET /version and the nodes' kubelet versions",
          context -> {
            Map<String, Object> version = context.kube().get("/version");
            String text = Trees.stringOr(version, "", "gitVersion");
            int minor = minor(text);
            Findings findings = new Findings();
            // The architecture names 1.33; later releases hold its stable API.
            findings.expect(minor >= 33, "the server is " + text, text + " is older than 1.33");
            for (Map<String, Object> node : context.nodes()) {
              String kubelet = Trees.stringOr(node, "", "status", "nodeInfo", "kubeletVersion");
              boolean near = minor(kubelet) <= minor && minor(kubelet) >= minor - 3;
              String line = Named.name(node) + ": kubelet " + kubelet;
              findings.expect(near, line, line);
            }
            return findings.verdict();
          });

  static final Check CONTROL_PLANE =
      Check.of(
          "leases of scheduler and controller manager are renewed, /livez answers",
          context -> {
            Findings findings = new Findings();
            findings.require(
                context.kube().ask("GET", "/livez", Map.of(), null).status() == 200,
                "the API server is live");
            for (String name : List.of("kube-scheduler", "kube-controller-manager")) {
              Leases.Renewal renewal = Leases.renewal(context, "kube-system", name);
              findings.expect(
                  renewal.recent(),
                  name + " renewed its lease at " + renewal.at(),
                  name + " holds no lease that was renewed within a minute");
            }
            return findings.verdict();
          });

  private KubernetesRows() {}

  private static int minor(String version) {
    String[] parts = version.split("\\.");
    return parts.length > 1 && parts[1].matches("\\d+") ? Integer.parseInt(parts[1]) : 0;
  }

  private static Check everyZone(String what, Predicate<Map<String, Object>> fits) {
    return Check.of(
        "every zone has a " + what + " node",
        context -> {
          Set<String> zones = new TreeSet<>();
          Set<String> served = new TreeSet<>();
          for (Map<String, Object> node : context.nodes()) {
            String zone = Named.label(node, "topology.kubernetes.io/zone");
            String name = zone.isEmpty() ? "(one zone, nodes carry no label)" : zone;
            zones.add(name);
            if (Nodes.ready(node) && fits.test(node)) {
              served.add(name);
            }
          }
          Findings findings = new Findings();
          for (String zone : zones) {
            findings.expect(
                served.contains(zone),
                zone + " has a ready " + what + " node",
                zone + " has no ready " + what + " node");
          }
          return findings.verdict();
        });
  }

  private static final Check DUAL_STACK =
      nodes(
          "nodes have pod ranges of both families",
          Nodes::runsPods,
          node ->
              Trees.strings(node, "spec", "podCIDRs").stream().anyMatch(c -> c.contains(":"))
                  && Trees.strings(node, "spec", "podCIDRs").stream()
                      .anyMatch(c -> c.contains(".")),
          node -> "podCIDRs " + Trees.strings(node, "spec", "podCIDRs"));

  private static final Check PROFILE_LABELS =
      nodes(
          "workers carry a profile label",
          Nodes::worker,
          node -> Trees.map(node, "metadata", "labels") != null && profile(node),
          node -> "profile label " + (profile(node) ? "present" : "missing"));

  private static boolean profile(Map<String, Object> node) {
    Map<String, Object> labels = Trees.map(node, "metadata", "labels");
    return labels != null
        && labels.keySet().stream()
            .anyMatch(k -> k.startsWith("anuket.io/profile") || k.startsWith("profile.anuket.io/"));
  }

  private static final Check ETCD =
      Check.of(
          "etcd's pods in kube-system, their number and nodes",
          context -> {
            List<Map<String, Object>> pods =
                context.list("/api/v1/pods").stream()
                    .filter(p -> Named.namespace(p).equals("kube-system"))
                    .filter(
                        p ->
                            Named.label(p, "component").equals("etcd")
                                || Named.name(p).startsWith("etcd-"))
                    .toList();
            if (pods.isEmpty()) {
              return Verdict.notCheckable(
                  Verdict.Cause.MANUAL,
                  "etcd does not run in pods, so the API does not show its members; a person must"
                      + " look at its member list and at the machines they run on");
            }
            Findings findings = new Findings();
            findings.expect(
                Set.of(3, 5, 7).contains(pods.size()),
                pods.size() + " members",
                pods.size() + " members, 3, 5 or 7 are required");
            return findings.verdict();
          });

  static void add(Rows rows) {
    rows.add("ra2.k8s.002", "Run three, five or seven etcd members off the workers.", ETCD)
        .add(
            "ra2.k8s.003",
            "Put a control-plane node in every zone.",
            everyZone("control-plane", Nodes::controlPlane))
        .add("ra2.k8s.012#control-plane-services", "Start the missing component.", CONTROL_PLANE)
        .add(
            "ra2.k8s.004",
            "Add a worker in the zone.",
            everyZone("worker", n -> Nodes.worker(n) && !Trees.bool(n, "spec", "unschedulable")))
        .add("ra2.k8s.005", "Upgrade the server or the nodes.", VERSION)
        .add(
            "ra2.k8s.006",
            "Set topologyManagerPolicy: single-numa-node and cpuManagerPolicy: static.",
            configz("topologyManagerPolicy", "single-numa-node"),
            configz("cpuManagerPolicy", "static"))
        .add("ra2.k8s.009", "Set cpuManagerPolicy: static.", configz("cpuManagerPolicy", "static"))
        .add(
            "ra2.k8s.008",
            "Set reservedSystemCPUs to two threads of one core.",
            nodes(
                "allocatable CPU is below capacity by two threads",
                Nodes::runsPods,
                n -> Nodes.capacity(n, "cpu") - Nodes.allocatable(n, "cpu") >= 2000,
                n ->
                    "capacity "
                        + Nodes.capacity(n, "cpu")
                        + "m, allocatable "
                        + Nodes.allocatable(n, "cpu")
                        + "m"))
        .add(
            "ra2.k8s.010",
            "Give pods and Services ranges of both families.",
            DUAL_STACK,
            ServiceProbes.DUAL_STACK)
        .add("ra2.k8s.011", "Label workers anuket.io/profile=basic.", PROFILE_LABELS)
        .add("ra2.k8s.012#alpha-apis", "Switch alpha versions off.", ApiRows.NO_ALPHA)
        .add("ra2.k8s.019", "Switch beta versions off.", ApiRows.NO_BETA)
        .add(
            "ra2.k8s.014",
            "Install a network solution that enforces NetworkPolicy.",
            kinds("networking.k8s.io/v1", "NetworkPolicy"),
            NetworkProbes.POLICY)
        .add(
            "ra2.k8s.015",
            "Install a load balancer that gives Services addresses.",
            NetworkProbes.LOAD_BALANCER)
        .add(
            "ra2.k8s.016",
            "Install an ingress controller.",
            NetworkProbes.INGRESS_CLASS,
            EntryProbes.INGRESS)
        .add("ra2.k8s.017", "Repair the service proxy.", NetworkProbes.NODE_PORT)
        .add("ra2.k8s.018", "Repair cluster DNS.", NetworkProbes.EXTERNAL_NAME, ServiceProbes.NAMES)
        .add("ra2.k8s.020", "Install cert-manager with an issuer.", EntryProbes.CERT_MANAGER)
        .add(
            "ra2.k8s.021",
            "Repair the scheduler and the quota controller.",
            PodProbes.TOO_LARGE,
            PodProbes.QUOTA)
        .add(
            "ra2.k8s.023",
            "Install the metrics API.",
            someKind("metrics.k8s.io", "PodMetrics"),
            RoundTrip.of("v1", "{kind: ConfigMap, metadata: {name: watched-%RUN%}}"),
            ApiProbes.EVENTS)
        .add("ra2.k8s.007", "Run kubelets with device plugins.", CniFacts.DEVICES)
        .add(
            "ra2.k8s.013",
            "Serve every stable API of the release before.",
            StableApi.SERVED.necessary(
                "all stable resources of the release before are served; their fields are compared"
                    + " by running upstream's suite of that release"))
        .add("ra2.k8s.022", "Repair the pulling of images.", ImageProbes.PULLS)
        .add("ra2.k8s.024", "Run a node agent that knows sidecars.", PodProbes.SIDECAR)
        .add(
            "ra2.crt.002",
            "Run a runtime that speaks CRI.",
            nodes(
                "nodes report their CRI runtime",
                Nodes::runsPods,
                n -> runtime(n).contains("://"),
                n -> "runtime " + runtime(n)),
            PodProbes.RUNS)
        .add("seed.crt.1", "Run a runtime that speaks CRI.", PodProbes.RUNS)
        .add(
            "seed.os.3",
            "Have at least one control-plane node, tainted, and one worker.",
            nodes(
                "control-plane nodes are tainted",
                Nodes::controlPlane,
                n ->
                    Trees.maps(n, "spec", "taints").stream()
                        .anyMatch(t -> Trees.stringOr(t, "", "effect").equals("NoSchedule")),
                n -> "taints " + Trees.list(n, "spec", "taints")),
            everyZone("worker", Nodes::worker))
        .add("seed.k8s.1", "Start the missing component.", VERSION, CONTROL_PLANE)
        .add("seed.k8s.3", "Switch alpha and beta versions off.", ApiRows.NO_ALPHA, ApiRows.NO_BETA)
        .add(
            "seed.mesh.1",
            "",
            informative("service mesh", "istio", "linkerd", "envoy", "kuma", "nsm"));
  }

  private static String runtime(Map<String, Object> node) {
    return Trees.stringOr(node, "", "status", "nodeInfo", "containerRuntimeVersion");
  }
}
