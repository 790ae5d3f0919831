package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.EntryProbes;
import io.kubra.conformance.probe.ImageProbes;
import io.kubra.conformance.probe.NetworkProbes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Probes of Ingress, certificates, policies, families and images, each both ways. */
class EntryProbesTest {
  private final TestCluster cluster = new TestCluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void requestsOfAHostReachTheBackendOrNot() throws Exception {
    assertThat(cluster.found(EntryProbes.INGRESS)).isEqualTo("fail: there is no IngressClass");
    cluster
        .with(
            "/apis/networking.k8s.io/v1/ingressclasses",
            "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}, spec: {controller: k8s.io/ingress-nginx}}")
        .node()
        .commands((pod, script) -> script.contains("Host: probe-") ? "answer server" : "");
    assertThat(cluster.found(EntryProbes.INGRESS))
        .isEqualTo("fail: an Ingress of the class nginx got no address");
    cluster
        .node()
        .after(
            "POST .*/ingresses",
            i ->
                cluster
                    .node()
                    .patchStatus(
                        "/apis/networking.k8s.io/v1/namespaces/"
                            + Named.namespace(i)
                            + "/ingresses/nginx",
                        "{loadBalancer: {ingress: [{ip: 192.0.2.9}]}}"));
    assertThat(cluster.found(EntryProbes.INGRESS)).isEqualTo("pass");
    cluster.node().commands((pod, script) -> "404 page not found");
    assertThat(cluster.found(EntryProbes.INGRESS)).contains("at 192.0.2.9 reaches the backend");
  }

  @Test
  void certificatesAreIssuedOrNot() throws Exception {
    assertThat(cluster.found(EntryProbes.CERT_MANAGER)).startsWith("fail: the cluster serves no");
    cluster
        .node()
        .answer(
            "GET /apis",
            "{\"groups\":[{\"versions\":[{\"groupVersion\":\"cert-manager.io/v1\"}]}]}")
        .answer(
            "GET /apis/cert-manager.io/v1",
            "{\"resources\":[{\"name\":\"certificates\",\"kind\":\"Certificate\",\"namespaced\":true},{\"name\":\"issuers\",\"kind\":\"Issuer\",\"namespaced\":true}]}")
        .answer(
            "GET .*/clusterissuers",
            "{\"items\":[{\"metadata\":{\"name\":\"ca\"},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}]}")
        .answer("POST .*/(issuers|certificates)", "{}")
        .answer("GET .*/certificates/probe", "{}");
    assertThat(cluster.found(EntryProbes.CERT_MANAGER))
        .isEqualTo("fail: not so: the Certificate becomes Ready");
    cluster
        .node()
        .answer(
            "GET .*/certificates/probe",
            "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}")
        .answer(
            "GET .*/secrets/probe-tls",
            "{\"data\":{\"tls.crt\":\"" + GroupProbesTest.CERTIFICATE + "\"}}");
    assertThat(cluster.found(EntryProbes.CERT_MANAGER)).isEqualTo("pass");
    cluster.node().answer("GET .*/secrets/probe-tls", "{\"data\":{}}");
    assertThat(cluster.found(EntryProbes.CERT_MANAGER))
        .contains("its signature algorithm is strong");
  }

  /** Plays the enforcement of policies: the last one that was written decides. */
  private void policies(boolean namedPorts) {
    boolean[] closed = {false};
    boolean[] out = {false};
    cluster
        .node()
        .after(
            "(POST|PATCH) .*/networkpolicies.*",
            p -> {
              String rules = String.valueOf(Trees.get(p, "spec", "ingress"));
              if (Named.name(p).equals("out")) {
                out[0] = true;
              } else if (Named.name(p).equals("deny")) {
                closed[0] = true;
              } else {
                closed[0] =
                    rules.equals("null")
                        || rules.equals("[]")
                        || rules.contains("9999")
                        || rules.contains("pages") && !namedPorts;
              }
            })
        .commands(
            (pod, script) -> closed[0] || out[0] ? "" : "HTTP/1.0 200 OK\r\n\r\nanswer server");
  }

  @Test
  void rulesOfPoliciesHoldOrNot() throws Exception {
    assertThat(cluster.found(NetworkProbes.POLICY_RULES))
        .startsWith("fail: not so: without a policy");
    policies(true);
    assertThat(cluster.found(NetworkProbes.POLICY_RULES)).isEqualTo("pass");
    policies(false);
    assertThat(cluster.found(NetworkProbes.POLICY_RULES))
        .isEqualTo("fail: not so: a named port lets requests through");
  }

  @Test
  void bothFamiliesSpeakOrNot() throws Exception {
    cluster.node().commands((pod, script) -> "HTTP/1.0 200 OK\r\n\r\nanswer server");
    assertThat(cluster.found(NetworkProbes.DUAL_STACK)).startsWith("fail: not so: IPv4 and IPv6");
    cluster
        .node()
        .pods(
            p ->
                "{phase: Running, podIP: 10.9.0.1, podIPs: [{ip: 10.9.0.1}, {ip: \"fd00::1\"}], conditions: [{type: Ready, status: \"True\"}]}");
    assertThat(cluster.found(NetworkProbes.DUAL_STACK)).isEqualTo("pass");
    cluster
        .node()
        .commands(
            (pod, script) -> script.contains("fd00") ? "" : "HTTP/1.0 200 OK\r\n\r\nanswer server");
    assertThat(cluster.found(NetworkProbes.DUAL_STACK)).isEqualTo("fail: not so: fd00::1 answers");
  }

  private String image = "";

  /** Plays a node that pulls, except for some pods, by name with the reason. */
  private void pulls(Map<String, String> waiting) {
    cluster
        .node()
        .commands((pod, script) -> "abc")
        .answer(
            "GET /api/v1/nodes/.*",
            r ->
                Optional.of(
                    new FakeNode.Answer(
                        200, "{\"status\":{\"images\":[{\"names\":[\"" + image + "\"]}]}}")))
        .after(
            "POST .*/pods",
            p -> {
              String name = Named.name(p);
              if (name.equals("by-tag")) {
                image = String.valueOf(Trees.maps(p, "spec", "containers").getFirst().get("image"));
              }
              String status =
                  "{phase: Pending, containerStatuses: [{name: main, ready: false, restartCount: 0, image: i, imageID: i, state: {waiting: {reason: %s}}}]}";
              cluster
                  .node()
                  .status(
                      "/pods/",
                      p,
                      waiting.containsKey(name)
                          ? status.formatted(waiting.get(name))
                          : cluster.node().usualStatus(p));
            });
  }

  @Test
  void imagesArePulledOrNot() throws Exception {
    Map<String, String> waiting = new HashMap<>();
    waiting.put("no-secret", "ErrImagePull");
    waiting.put("missing", "ErrImageNeverPull");
    pulls(waiting);
    assertThat(cluster.found(ImageProbes.PULLS)).isEqualTo("pass");
    waiting.put("by-digest", "ErrImagePull");
    assertThat(cluster.found(ImageProbes.PULLS)).contains("by digest: phase Pending");
  }
}
