package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.ApiChecks;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.Map;

/** Probes of pod network, Services and policies. */
public final class NetworkProbes {
  private NetworkProbes() {}

  /** A policy that denies all stops traffic; one that allows brings it back. */
  public static final Check POLICY =
      Probe.alone(
          "a default-deny NetworkPolicy stops traffic, an allowing one restores it",
          "policy",
          probe -> {
            Traffic traffic = new Traffic(probe);
            String address = traffic.pair();
            Findings findings =
                new Findings()
                    .require(traffic.answersSoon(address), "without a policy the server answers");
            probe.create(
                """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: deny}
                spec: {podSelector: {}, policyTypes: [Ingress]}
                """);
            boolean stopped = traffic.fallsSilent(address);
            findings.require(stopped, "with a default-deny policy it does not");
            if (!stopped) {
              return findings.verdict();
            }
            probe.create(
                """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: allow}
                spec:
                  podSelector: {matchLabels: {app: server}}
                  ingress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]
                """);
            return findings
                .require(
                    traffic.answersSoon(address),
                    "with a policy that allows the client it answers again")
                .verdict();
          });

  /** Pods reach one another by address and through a Service; the sender's address is kept. */
  public static final Check CONNECTIVITY =
      Probe.alone(
          "a pod reaches another by address, Service address and name; its own address is seen",
          "net",
          probe -> {
            Traffic traffic = new Traffic(probe);
            String server = traffic.pair();
            String own = Traffic.address(probe.read("client"));
            String cluster =
                Trees.stringOr(
                    traffic.service("server", "type: ClusterIP"), "", "spec", "clusterIP");
            String seen = traffic.fetch(server, "/cgi-bin/who").replaceAll("\\[|\\]|::ffff:", "");
            String name = "server." + probe.namespace() + ".svc.cluster.local";
            return new Findings()
                .require(traffic.answers(server), "the pod's address answers")
                .require(seen.startsWith(own), "the server sees the client's address " + own)
                .saw("it saw " + seen)
                .require(
                    traffic.answersSoon(cluster + ":" + Traffic.PORT),
                    "the Service's address answers")
                .require(
                    Await.until(
                        probe.soon(), () -> traffic.ask("nslookup " + name).contains(cluster)),
                    name + " resolves to it")
                .verdict();
          });

  /** A node port answers on every node that runs pods. */
  public static final Check NODE_PORT =
      Probe.alone(
          "a NodePort answers on the nodes' addresses",
          "nodeport",
          probe -> {
            Traffic traffic = new Traffic(probe);
            traffic.pair();
            Map<String, Object> service = traffic.service("port", "type: NodePort");
            long port =
                Trees.integerOr(Trees.maps(service, "spec", "ports").getFirst(), 0, "nodePort");
            Findings findings = new Findings().saw("port " + port);
            for (Map<String, Object> node : probe.context().nodes()) {
              for (Map<String, Object> address : Trees.maps(node, "status", "addresses")) {
                String at = Trees.stringOr(address, "", "address") + ":" + port;
                if (Trees.stringOr(address, "", "type").equals("InternalIP")
                    && Nodes.runsPods(node)) {
                  findings.require(
                      traffic.answersSoon(at), at + " of " + Named.name(node) + " answers");
                }
              }
            }
            return findings.verdict();
          });

  /** The name of an ExternalName Service is an alias. */
  public static final Check EXTERNAL_NAME =
      Probe.alone(
          "DNS answers an ExternalName Service with a CNAME",
          "alias",
          probe -> {
            probe.create(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: alias}
                spec: {type: ExternalName, externalName: outside.example.com}
                """);
            Traffic traffic = new Traffic(probe);
            traffic.client();
            String query =
                "nslookup -type=cname alias." + probe.namespace() + ".svc.cluster.local.";
            boolean answered =
                Await.until(probe.soon(), () -> traffic.ask(query).contains("outside.example.com"));
            return new Findings()
                .require(answered, "the answer names outside.example.com")
                .verdict();
          });

  /** A Service of type LoadBalancer gets an address that answers. */
  public static final Check LOAD_BALANCER =
      Probe.alone(
          "a Service of type LoadBalancer gets an address that answers",
          "balancer",
          probe -> {
            Traffic traffic = new Traffic(probe);
            traffic.pair();
            var address = BalancerProbes.address(probe, traffic, "");
            if (address.isEmpty()) {
              return Verdict.fail(
                  "the Service got no address within " + probe.soon().toSeconds() + " s");
            }
            String at = address.get() + ":" + Traffic.PORT;
            return new Findings().require(traffic.answersSoon(at), at + " answers").verdict();
          });

  /** There is a class of Ingress, so that somebody serves them. */
  public static final Check INGRESS_CLASS =
      ApiChecks.some(
          "an IngressClass with a controller",
          "/apis/networking.k8s.io/v1/ingressclasses",
          c -> !Trees.stringOr(c, "", "spec", "controller").isEmpty());

  /** Pods have an address of each family. */
  public static final Check DUAL_STACK =
      Probe.shared(
          "a pod gets an address of each family",
          probe -> {
            Map<String, Object> pod = probe.pods().ready(probe.waiting("families"));
            var addresses =
                Trees.maps(pod, "status", "podIPs").stream()
                    .map(i -> Trees.stringOr(i, "", "ip"))
                    .toList();
            return new Findings()
                .require(
                    addresses.stream().anyMatch(a -> a.contains("."))
                        && addresses.stream().anyMatch(a -> a.contains(":")),
                    "IPv4 and IPv6 among " + addresses)
                .verdict();
          });
}
