package io.kubra.conformance.probe;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.ApiChecks;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

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

  /** Pods have an address of each family, and speak over both. */
  public static final Check DUAL_STACK =
      Probe.alone(
          "a pod gets an address of each family, and pods speak over both",
          "families",
          probe -> {
            Traffic traffic = new Traffic(probe);
            traffic.pair();
            List<String> addresses =
                Trees.maps(probe.read("server"), "status", "podIPs").stream()
                    .map(i -> Trees.stringOr(i, "", "ip"))
                    .toList();
            boolean both =
                addresses.stream().anyMatch(a -> a.contains("."))
                    && addresses.stream().anyMatch(a -> a.contains(":"));
            Findings findings = new Findings().require(both, "IPv4 and IPv6 among " + addresses);
            for (String address : both ? addresses : List.<String>of()) {
              findings.require(
                  traffic.answersSoon(address + ":" + Traffic.PORT), address + " answers");
            }
            return findings.verdict();
          });

  /** The ways in which a policy can name who may send what. */
  private static final Map<String, String> ALLOWING =
      Map.of(
          "a podSelector", "[{from: [{podSelector: {matchLabels: {app: client}}}]}]",
          "a namespaceSelector",
              "[{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %NAMESPACE%}}}]}]",
          "an ipBlock", "[{from: [{ipBlock: {cidr: %CLIENT%/32}}]}]",
          "a named port", "[{ports: [{port: pages}]}]",
          "a range of ports", "[{ports: [{port: 8000, endPort: 8100}]}]");

  /** Policies name senders and ports in all the ways there are. */
  public static final Check POLICY_RULES =
      Probe.alone(
          "rules by pods, namespaces, addresses, named ports and ranges allow; a rule for another port does not; egress is limited",
          "rules",
          probe -> {
            Verdict basic = probe.context().verdict(POLICY);
            if (!(basic instanceof Verdict.Pass)) {
              return basic;
            }
            Traffic traffic = new Traffic(probe);
            probe
                .pods()
                .create(
                    traffic.server("server").main("ports: [{name: pages, containerPort: 8080}]"));
            String client = Traffic.address(traffic.client());
            String at =
                Traffic.address(probe.pods().awaitReady(probe.namespace(), "server")) + ":8080";
            probe.create(
                "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: rules}, spec: {podSelector: {matchLabels: {app: server}}, policyTypes: [Ingress], ingress: []}}");
            Findings findings = new Findings();
            for (Map.Entry<String, String> rule : new TreeMap<>(ALLOWING).entrySet()) {
              ingress(probe, "[{ports: [{port: 9999}]}]");
              findings.require(
                  traffic.fallsSilent(at), "a rule for another port does not let requests through");
              ingress(
                  probe,
                  rule.getValue()
                      .replace("%NAMESPACE%", probe.namespace())
                      .replace("%CLIENT%", client));
              findings.require(traffic.answersSoon(at), rule.getKey() + " lets requests through");
            }
            probe.create(
                "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: out}, spec: {podSelector: {matchLabels: {app: client}}, policyTypes: [Egress]}}");
            return findings
                .require(
                    traffic.fallsSilent(at),
                    "a policy without egress rules stops what the client sends")
                .verdict();
          });

  private static void ingress(Probe probe, String rules) {
    Object list = Probe.yaml("rules: " + rules).get("rules");
    byte[] patch = Json.write(Map.of("spec", Map.of("ingress", Objects.requireNonNull(list))));
    probe
        .kube()
        .merge(
            probe.path("networking.k8s.io/v1", "networkpolicies/rules"),
            new String(patch, StandardCharsets.UTF_8));
  }

  /** Pods and clients outside see each other's own addresses. */
  public static final Check PRESERVED =
      Probe.alone(
          "this program reaches a pod by its address, and the pod sees this program's own",
          "outside",
          probe -> {
            Traffic traffic = new Traffic(probe);
            String pod = Traffic.address(probe.pods().ready(traffic.server("server")));
            try (Socket socket = new Socket()) {
              socket.connect(new InetSocketAddress(pod, Traffic.PORT), 3000);
              socket.setSoTimeout(5000);
              socket
                  .getOutputStream()
                  .write("GET /cgi-bin/who HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
              String answer =
                  new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
              String own = socket.getLocalAddress().getHostAddress();
              String seen = answer.substring(answer.lastIndexOf("\r\n\r\n") + 4).strip();
              String line = "the pod " + pod + " saw " + seen + ", this program is " + own;
              return new Findings().expect(seen.contains(own), line, line).verdict();
            } catch (IOException e) {
              return Verdict.notApplicable(
                  "it binds where workloads need their addresses preserved; no route leads from"
                      + " where this program runs to the pod "
                      + pod);
            }
          });
}
