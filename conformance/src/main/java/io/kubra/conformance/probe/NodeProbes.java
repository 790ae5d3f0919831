package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.Pods;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.TransportException;
import io.kubra.transport.tls.ClientTls;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/** Probes of how nodes are guarded. */
public final class NodeProbes {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int UNAUTHORIZED = 401;

  private NodeProbes() {}

  /** The kubelet's port refuses requests without credentials. */
  public static final Check AUTHENTICATES =
      Probe.shared(
          "an unauthenticated request to the kubelet's port is answered 401",
          probe -> {
            Findings findings = new Findings();
            boolean started = false;
            int count = 0;
            for (Map<String, Object> node : probe.context().nodes()) {
              for (Map<String, Object> address : Trees.maps(node, "status", "addresses")) {
                if (!Nodes.runsPods(node) || !"InternalIP".equals(Trees.string(address, "type"))) {
                  continue;
                }
                count++;
                String url = "https://" + Trees.stringOr(address, "", "address") + ":10250/pods";
                OptionalInt direct = askFromHere(url);
                if (direct.isPresent()) {
                  String line = url + ": answered " + direct.getAsInt() + " to this machine";
                  findings.expect(direct.getAsInt() == UNAUTHORIZED, line, line);
                  continue;
                }
                if (!started) {
                  probe.pods().ready(probe.waiting("kubelet-client"));
                  started = true;
                }
                Pods.Result result =
                    probe.shell(
                        "kubelet-client",
                        "wget -S -T 5 --no-check-certificate -O - " + url + " 2>&1");
                if (result.text().isEmpty()) {
                  return Verdict.notCheckable(
                      Verdict.Cause.MEANS,
                      "wget of the probe image ended with "
                          + result.exitCode()
                          + " and said nothing; name an image with a wget that speaks TLS");
                }
                String line = url + ": " + result.text().lines().limit(4).toList();
                findings.expect(result.out().contains("401"), line, line);
              }
            }
            return count == 0 ? Verdict.notApplicable("no node runs pods") : findings.verdict();
          });

  /** The status of an answer without credentials; empty if the node is not reached from here. */
  private static OptionalInt askFromHere(String url) {
    try (HttpClient client =
            HttpClient.builder()
                .tls(ClientTls.insecure())
                .connectTimeout(PATIENCE)
                .responseTimeout(PATIENCE)
                .build();
        HttpClientResponse answer = client.send(HttpRequest.get(URI.create(url)))) {
      return OptionalInt.of(answer.status());
    } catch (TransportException e) {
      return OptionalInt.empty();
    }
  }

  /** A node may not read objects that no pod of its own needs, whether they exist or not. */
  public static final Check AUTHORISED =
      Probe.alone(
          "a node's identity is refused secrets that are not its pods', existing or not",
          "secrets",
          probe -> {
            probe.create("{apiVersion: v1, kind: Secret, metadata: {name: there}}");
            String name = probe.context().nodes().stream().findFirst().map(Named::name).orElse("x");
            Map<String, String> node =
                Map.of(
                    "Impersonate-User", "system:node:" + name, "Impersonate-Group", "system:nodes");
            Findings findings = new Findings();
            for (String secret : new String[] {"there", "missing"}) {
              Kube.Answer answer =
                  probe.kube().ask("GET", probe.path("v1", "secrets/" + secret), node, null);
              String line = "GET of the secret " + secret + " was answered " + answer.status();
              findings.expect(answer.status() == 403, line, line);
            }
            return findings.verdict();
          });

  /** A safe sysctl takes effect, an unsafe one is refused. */
  public static final Check SYSCTLS =
      Probe.shared(
          "a safe sysctl takes effect, a pod with an unsafe one fails",
          probe -> {
            String value =
                probe
                    .pods()
                    .output(
                        probe
                            .pod("sysctl-safe", "cat /proc/sys/net/ipv4/ip_unprivileged_port_start")
                            .spec(
                                "securityContext: {sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: \"500\"}]}"))
                    .strip();
            probe
                .pods()
                .create(
                    probe
                        .waiting("sysctl-unsafe")
                        .spec(
                            "securityContext: {sysctls: [{name: kernel.msgmax, value: \"10000\"}]}"));
            boolean refused =
                probe.comes(
                    "sysctl-unsafe",
                    probe.soon(),
                    p -> Trees.stringOr(p, "", "status", "reason").equals("SysctlForbidden"));
            return new Findings()
                .require(value.equals("500"), "the safe sysctl has the value asked for")
                .saw("it is " + value)
                .require(refused, "the pod with kernel.msgmax failed with SysctlForbidden")
                .verdict();
          });

  /** API server and kubelets answer with metrics as Prometheus reads them. */
  public static final Check METRICS =
      Check.of(
          "API server and kubelets serve metrics",
          context -> {
            Findings findings = new Findings();
            findings.require(
                context.kube().text("/metrics").contains("# TYPE "), "the API server has metrics");
            for (Map<String, Object> node : context.nodes()) {
              if (Nodes.runsPods(node)) {
                for (String page :
                    new String[] {"metrics", "metrics/cadvisor", "metrics/resource"}) {
                  String path = "/api/v1/nodes/" + Named.name(node) + "/proxy/" + page;
                  Kube.Answer answer =
                      context.kube().ask("GET", path, Map.of("Accept", "*/*"), null);
                  String line =
                      Named.name(node) + ": /" + page + " was answered " + answer.status();
                  findings.expect(
                      answer.status() == 200 && answer.body().contains("# TYPE "), line, line);
                }
              }
            }
            return findings.verdict();
          });
}
