package io.kubra.conformance.probe;

import static io.kubra.conformance.probe.ApiProbes.yaml;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.PodDraft;
import io.kubra.conformance.cluster.Pods;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.time.Duration;
import java.util.Map;

/** Probes of pod network, Services and policies. */
public final class NetworkProbes {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration CALL = Duration.ofSeconds(8);
  private static final String SERVE =
      """
      mkdir -p /tmp/www/cgi-bin
      echo answer > /tmp/www/index.html
      cat > /tmp/www/cgi-bin/who <<'END'
      #!/bin/sh
      printf 'Content-Type: text/plain\\r\\n\\r\\n%s\\n' "$REMOTE_ADDR"
      END
      chmod +x /tmp/www/cgi-bin/who
      exec httpd -f -p 8080 -h /tmp/www
      """;

  private NetworkProbes() {}

  private static PodDraft server(Context context, String namespace, String name) {
    return new PodDraft(namespace, name, context.image(), SERVE)
        .main(
            "{readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1},"
                + " volumeMounts: [{name: tmp, mountPath: /tmp}]}")
        .spec("volumes: [{name: tmp, emptyDir: {}}]");
  }

  private static PodDraft client(Context context, String namespace, String name) {
    return new PodDraft(namespace, name, context.image(), PodDraft.WAIT);
  }

  private static String address(Map<String, Object> pod) {
    return Trees.stringOr(pod, "", "status", "podIP");
  }

  /** The body of a page. It is fetched with nc, since a static busybox's wget may crash. */
  private static String fetch(Context context, String namespace, String at, String page) {
    int colon = at.lastIndexOf(':');
    String script =
        "printf 'GET %s HTTP/1.0\\r\\n\\r\\n' | nc -w 3 %s %s"
            .formatted(page, at.substring(0, colon), at.substring(colon + 1));
    String answer = context.pods().shell(namespace, "client", CALL, script).out();
    int body = answer.indexOf("\r\n\r\n");
    return body < 0 ? "" : answer.substring(body).strip();
  }

  private static Map<String, Object> service(
      Context context, String namespace, String name, String fields) {
    return context
        .workspace()
        .create(
            yaml(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: %s}
                spec: {selector: {app: server}, ports: [{port: 8080}], %s}
                """
                    .formatted(name, namespace, fields)));
  }

  /** A namespace with a server and a client; each probe that asks names its own. */
  private static Map<String, Object> pair(Context context, String namespace)
      throws InterruptedException {
    context.pods().create(server(context, namespace, "server"));
    context.pods().create(client(context, namespace, "client"));
    context.pods().awaitReady(namespace, "client");
    return context.pods().awaitReady(namespace, "server");
  }

  /** A policy that denies all stops traffic; one that allows brings it back. */
  public static final Check POLICY =
      Check.of(
          "a default-deny NetworkPolicy stops traffic, an allowing one restores it",
          context -> {
            String namespace = context.workspace().namespace("policy", Map.of());
            String address = address(pair(context, namespace)) + ":8080";
            Findings findings =
                new Findings()
                    .require(
                        Await.until(
                            SOON, () -> fetch(context, namespace, address, "/").equals("answer")),
                        "without a policy the server answers");
            context
                .workspace()
                .create(
                    yaml(
                        """
                        apiVersion: networking.k8s.io/v1
                        kind: NetworkPolicy
                        metadata: {name: deny, namespace: %s}
                        spec: {podSelector: {}, policyTypes: [Ingress]}
                        """
                            .formatted(namespace)));
            boolean stopped =
                Await.until(SOON, () -> !fetch(context, namespace, address, "/").equals("answer"));
            findings.require(stopped, "with a default-deny policy it does not");
            if (!stopped) {
              return findings.verdict();
            }
            context
                .workspace()
                .create(
                    yaml(
                        """
                        apiVersion: networking.k8s.io/v1
                        kind: NetworkPolicy
                        metadata: {name: allow, namespace: %s}
                        spec:
                          podSelector: {matchLabels: {app: server}}
                          ingress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]
                        """
                            .formatted(namespace)));
            return findings
                .require(
                    Await.until(
                        SOON, () -> fetch(context, namespace, address, "/").equals("answer")),
                    "with a policy that allows the client it answers again")
                .verdict();
          });

  /** Pods reach one another by address and through a Service; the sender's address is kept. */
  public static final Check CONNECTIVITY =
      Check.of(
          "a pod reaches another by address, Service address and name; its own address is seen",
          context -> {
            String namespace = context.workspace().namespace("net", Map.of());
            String server = address(pair(context, namespace)) + ":8080";
            String own = address(context.kube().get(Pods.path(namespace, "client")));
            String cluster =
                Trees.stringOr(
                        service(context, namespace, "server", "type: ClusterIP"),
                        "",
                        "spec",
                        "clusterIP")
                    + ":8080";
            String seen =
                fetch(context, namespace, server, "/cgi-bin/who")
                    .replace("[::ffff:", "")
                    .replace("::ffff:", "")
                    .replace("]", "");
            String name = "server." + namespace + ".svc.cluster.local";
            return new Findings()
                .require(
                    fetch(context, namespace, server, "/").equals("answer"),
                    "the pod's address answers")
                .require(seen.startsWith(own), "the server sees the client's address " + own)
                .saw("it saw " + seen)
                .require(
                    Await.until(
                        SOON, () -> fetch(context, namespace, cluster, "/").equals("answer")),
                    "the Service's address answers")
                .require(
                    Await.until(
                        SOON,
                        () ->
                            context
                                .pods()
                                .shell(namespace, "client", CALL, "nslookup " + name)
                                .out()
                                .contains(cluster.substring(0, cluster.indexOf(':')))),
                    name + " resolves to it")
                .verdict();
          });

  /** A node port answers on every node that runs pods. */
  public static final Check NODE_PORT =
      Check.of(
          "a NodePort answers on the nodes' addresses",
          context -> {
            String namespace = context.workspace().namespace("nodeport", Map.of());
            pair(context, namespace);
            Map<String, Object> service = service(context, namespace, "port", "type: NodePort");
            long port =
                Trees.integerOr(Trees.maps(service, "spec", "ports").getFirst(), 0, "nodePort");
            Findings findings = new Findings().saw("port " + port);
            for (Map<String, Object> node : context.nodes()) {
              for (Map<String, Object> address : Trees.maps(node, "status", "addresses")) {
                String at = Trees.stringOr(address, "", "address") + ":" + port;
                if (Trees.stringOr(address, "", "type").equals("InternalIP")
                    && io.kubra.conformance.check.Nodes.runsPods(node)) {
                  findings.require(
                      Await.until(SOON, () -> fetch(context, namespace, at, "/").equals("answer")),
                      at + " of " + Named.name(node) + " answers");
                }
              }
            }
            return findings.verdict();
          });

  /** The name of an ExternalName Service is an alias. */
  public static final Check EXTERNAL_NAME =
      Check.of(
          "DNS answers an ExternalName Service with a CNAME",
          context -> {
            String namespace = context.workspace().namespace();
            context
                .workspace()
                .create(
                    yaml(
                        """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: alias, namespace: %s}
                        spec: {type: ExternalName, externalName: outside.example.com}
                        """
                            .formatted(namespace)));
            context.pods().ready(client(context, namespace, "alias-client"));
            String query = "nslookup -type=cname alias." + namespace + ".svc.cluster.local.";
            boolean answered =
                Await.until(
                    SOON,
                    () ->
                        context
                            .pods()
                            .shell(namespace, "alias-client", CALL, query)
                            .out()
                            .contains("outside.example.com"));
            return new Findings()
                .require(answered, "the answer names outside.example.com")
                .verdict();
          });

  /** A Service of type LoadBalancer gets an address that answers. */
  public static final Check LOAD_BALANCER =
      Check.of(
          "a Service of type LoadBalancer gets an address that answers",
          context -> {
            String namespace = context.workspace().namespace("balancer", Map.of());
            pair(context, namespace);
            service(context, namespace, "balanced", "type: LoadBalancer");
            String path = "/api/v1/namespaces/" + namespace + "/services/balanced";
            var address =
                Await.some(
                    SOON,
                    () ->
                        Trees.maps(context.kube().get(path), "status", "loadBalancer", "ingress")
                            .stream()
                            .map(i -> Trees.stringOr(i, Trees.stringOr(i, "", "hostname"), "ip"))
                            .findFirst());
            if (address.isEmpty()) {
              return Verdict.fail("the Service got no address within " + SOON.toSeconds() + " s");
            }
            String at = address.get() + ":8080";
            return new Findings()
                .require(
                    Await.until(SOON, () -> fetch(context, namespace, at, "/").equals("answer")),
                    at + " answers")
                .verdict();
          });

  /** There is a class of Ingress, so that somebody serves them. */
  public static final Check INGRESS_CLASS =
      io.kubra.conformance.check.ApiChecks.some(
          "an IngressClass with a controller",
          "/apis/networking.k8s.io/v1/ingressclasses",
          c -> !Trees.stringOr(c, "", "spec", "controller").isEmpty());

  /** Pods have an address of each family. */
  public static final Check DUAL_STACK =
      Check.of(
          "a pod gets an address of each family",
          context -> {
            String namespace = context.workspace().namespace();
            Map<String, Object> pod = context.pods().ready(client(context, namespace, "families"));
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
