package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.ApiChecks;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.GroupProbes;
import io.kubra.conformance.probe.JobProbes;
import io.kubra.conformance.probe.RoundTrip;
import io.kubra.conformance.probe.SchedulingProbes;
import io.kubra.conformance.verdict.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes of API groups against controllers that do their work, and against none. */
class GroupProbesTest {
  private static final Check MAPS = RoundTrip.of("v1", "{kind: ConfigMap, data: {a: b}}");

  /** A certificate of CN=kubra-conformance, as PEM in base64. */
  static final String CERTIFICATE =
      "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJqRENDQVRPZ0F3SUJBZ0lVVWZTSTR3ZTFyT1A4Qnp4"
          + "M0tBT3NJMUVQSU5rd0NnWUlLb1pJemowRUF3SXcKSERFYU1CZ0dBMVVFQXd3UmEzVmljbUV0WTI5dVptOXli"
          + "V0Z1WTJVd0hoY05Nall4TVRJMU1UUXhPVE0zV2hjTgpNell4TVRJeU1UUXhPVE0zV2pBY01Sb3dHQVlEVlFR"
          + "RERCRnJkV0p5WVMxamIyNW1iM0p0WVc1alpUQlpNQk1HCkJ5cUdTTTQ5QWdFR0NDcUdTTTQ5QXdFSEEwSUFC"
          + "QmJpeXA4WWRlc29ZU3MzMkxvK0pndDd5RmpraFk4RXhLSVcKelBUOHlRVW10TU02NThJOW41UFdkTk1wSmhq"
          + "M0tMUmE1d3lodjM2WXYzY0hTZDFPOEkyalV6QlJNQjBHQTFVZApEZ1FXQkJSUzV3V255aUh1am1WZzRVOHBM"
          + "WGhCMmJtUWREQWZCZ05WSFNNRUdEQVdnQlJTNXdXbnlpSHVqbVZnCjRVOHBMWGhCMmJtUWREQVBCZ05WSFJN"
          + "QkFmOEVCVEFEQVFIL01Bb0dDQ3FHU000OUJBTUNBMGNBTUVRQ0lFbUsKeG9MMWtDZG9JZGgrTHByck82T0gz"
          + "VXRSU25jRUppNy83eExubHk2cEFpQVY4NHF1VDBSVXIwZHhQdGF6Ukh5YgpIM2U5ODBMd1JlNWg2V3N0bmcz"
          + "WkxnPT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=";

  private final TestCluster cluster = new TestCluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void merge(String path, String patch) {
    cluster.kube().merge(path, patch);
  }

  private static FakeNode.Answer answer(int code) {
    return new FakeNode.Answer(code, "{\"message\":\"said by the test\"}");
  }

  @Test
  void objectsGoTheirWholeRound() throws Exception {
    assertThat(cluster.found(MAPS)).isEqualTo("pass");
  }

  @Test
  void aDeletionThatDoesNothingIsFound() throws Exception {
    cluster.node().answer("DELETE .*/configmaps/.*", r -> Optional.of(answer(200)));
    assertThat(cluster.found(MAPS)).contains("it is gone after its deletion").contains("watch");
  }

  @Test
  void aServerThatTakesOldStatesIsFound() throws Exception {
    cluster
        .node()
        .answer(
            "PUT .*/configmaps/.*",
            r ->
                new String(r.body(), java.nio.charset.StandardCharsets.UTF_8).contains("\"old\"")
                    ? Optional.of(answer(200))
                    : Optional.empty());
    assertThat(cluster.found(MAPS))
        .isEqualTo("fail: ConfigMap: not so: a replacement by an old state is refused with 409");
  }

  @Test
  void aServerThatRefusesAKindIsFound() throws Exception {
    cluster.node().answer("POST .*/configmaps", r -> Optional.of(answer(422)));
    assertThat(cluster.found(MAPS))
        .isEqualTo("fail: ConfigMap: a trial creation was answered 422: said by the test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"storage.k8s.io", "apps", "core", "rbac.authorization.k8s.io", "events.k8s.io"})
  void theObjectsOfEachGroupAreValid(String group) {
    Verdict verdict = cluster.run("x.api.group." + group).verdict();
    assertThat(verdict.evidence()).anySatisfy(line -> assertThat(line).contains("made, read"));
    if (verdict instanceof Verdict.Fail fail) {
      assertThat(fail.breaches()).noneSatisfy(line -> assertThat(line).contains("trial creation"));
    }
  }

  @Test
  void whatWasWithdrawnIsFound() throws Exception {
    assertThat(cluster.found(ApiChecks.withdrawn("apps", List.of("v1beta1/Deployment"))))
        .isEqualTo("pass");
    assertThat(cluster.found(ApiChecks.withdrawn("apps", List.of("v1/Deployment"))))
        .isEqualTo("fail: apps/v1 serves Deployment, which was withdrawn");
  }

  @Test
  void resourcesAreServedOrNot() throws Exception {
    assertThat(cluster.found(ApiChecks.resources("v1", "pods", "pods/log"))).isEqualTo("pass");
    assertThat(cluster.found(ApiChecks.resources("v1", "pods/dance")))
        .isEqualTo("fail: v1 serves no pods/dance");
  }

  @Test
  void aggregatedGroupsAreWatchedOrNot() throws Exception {
    assertThat(cluster.found(GroupProbes.AGGREGATION)).contains("becomes Available=False");
    cluster
        .with(
            "/apis/apiregistration.k8s.io/v1/apiservices",
            """
            apiVersion: apiregistration.k8s.io/v1
            kind: APIService
            metadata: {name: v1.apps}
            spec: {group: apps, version: v1, groupPriorityMinimum: 1, versionPriority: 1}
            status: {conditions: [{type: Available, status: "True"}]}
            """)
        .node()
        .after(
            "POST .*/apiservices",
            s ->
                cluster
                    .node()
                    .patchStatus(
                        "/apis/apiregistration.k8s.io/v1/apiservices/" + Named.name(s),
                        "{conditions: [{type: Available, status: \"False\"}]}"));
    assertThat(cluster.found(GroupProbes.AGGREGATION)).isEqualTo("pass");
  }

  @Test
  void reviewsOfOneselfTellTheTruthOrNot() throws Exception {
    String path = "POST .*/selfsubjectaccessreviews";
    cluster
        .node()
        .answer(
            path,
            r ->
                Optional.of(
                    new FakeNode.Answer(
                        201,
                        "{\"status\":{\"allowed\":%s}}"
                            .formatted(!r.headers().containsKey("Impersonate-User")))));
    assertThat(cluster.found(GroupProbes.SELF_REVIEW)).isEqualTo("pass");
    cluster
        .node()
        .answer(
            path, r -> Optional.of(new FakeNode.Answer(201, "{\"status\":{\"allowed\":true}}")));
    assertThat(cluster.found(GroupProbes.SELF_REVIEW))
        .isEqualTo("fail: not so: a service account without a binding may not");
  }

  @Test
  void aSignerThatDoesNotSignIsFound() throws Exception {
    assertThat(cluster.found(GroupProbes.CERTIFICATE)).contains("after approval the signer");
  }

  @Test
  void aSignerThatSignsPasses() throws Exception {
    cluster
        .node()
        .after(
            "PUT .*/approval",
            r ->
                cluster
                    .node()
                    .patchStatus(
                        "/apis/certificates.k8s.io/v1/certificatesigningrequests/" + Named.name(r),
                        "{certificate: \"" + CERTIFICATE + "\"}"));
    assertThat(cluster.found(GroupProbes.CERTIFICATE)).isEqualTo("pass");
  }

  @Test
  void addressesAreObjectsOrNot() throws Exception {
    assertThat(cluster.found(GroupProbes.ADDRESSES)).contains("no ServiceCIDR is Ready");
    cluster
        .with(
            "/apis/networking.k8s.io/v1/servicecidrs",
            """
            apiVersion: networking.k8s.io/v1
            kind: ServiceCIDR
            metadata: {name: kubernetes}
            spec: {cidrs: [10.0.0.0/24]}
            status: {conditions: [{type: Ready, status: "True"}]}
            """)
        .node()
        .answer("GET .*/ipaddresses/.*", "{\"spec\":{\"parentRef\":{\"name\":\"addressed\"}}}");
    assertThat(cluster.found(GroupProbes.ADDRESSES)).isEqualTo("pass");
  }

  @Test
  void anAutoscalerActsOrNot() throws Exception {
    assertThat(cluster.found(GroupProbes.AUTOSCALER))
        .isEqualTo("fail: not so: the Deployment's replicas rose from 1 to minReplicas");
    cluster
        .node()
        .after(
            "POST .*/horizontalpodautoscalers",
            h ->
                merge(
                    "/apis/apps/v1/namespaces/" + Named.namespace(h) + "/deployments/scaled",
                    "{\"spec\":{\"replicas\":2}}"));
    assertThat(cluster.found(GroupProbes.AUTOSCALER)).isEqualTo("pass");
  }

  @Test
  void slicesFollowPodsOrNot() throws Exception {
    assertThat(cluster.found(GroupProbes.SLICES)).contains("lists the ready pod's address");
    String slices = "/apis/discovery.k8s.io/v1/namespaces/%s/endpointslices";
    cluster
        .node()
        .after(
            "POST .*/pods",
            p -> {
              cluster.node().status("/pods/", p, cluster.node().usualStatus(p));
              String namespace = Named.namespace(p);
              Map<String, Object> pod =
                  cluster.kube().get("/api/v1/namespaces/" + namespace + "/pods/server");
              cluster.with(
                  slices.formatted(namespace),
                  """
                  apiVersion: discovery.k8s.io/v1
                  kind: EndpointSlice
                  metadata: {name: s, labels: {kubernetes.io/service-name: server}}
                  addressType: IPv4
                  endpoints: [{addresses: [%s]}]
                  """
                      .formatted(Trees.stringOr(pod, "", "status", "podIP")));
            })
        .after(
            "DELETE .*/pods/server",
            p -> cluster.kube().delete(slices.formatted(Named.namespace(p)) + "/s"));
    assertThat(cluster.found(GroupProbes.SLICES)).isEqualTo("pass");
  }

  @Test
  void anEvictionBeyondTheBudgetIsRefusedOrNot() throws Exception {
    cluster
        .node()
        .after(
            "POST .*/poddisruptionbudgets",
            b ->
                cluster
                    .node()
                    .patchStatus(
                        "/apis/policy/v1/namespaces/"
                            + Named.namespace(b)
                            + "/poddisruptionbudgets/kept",
                        "{currentHealthy: 1, desiredHealthy: 1, expectedPods: 1, disruptionsAllowed: 0, observedGeneration: 1}"));
    int[] calls = {0};
    cluster
        .node()
        .answer("POST .*/eviction", r -> Optional.of(answer(calls[0]++ == 0 ? 429 : 201)));
    assertThat(cluster.found(GroupProbes.EVICTION)).isEqualTo("pass");
    cluster.node().answer("POST .*/eviction", r -> Optional.of(answer(201)));
    assertThat(cluster.found(GroupProbes.EVICTION))
        .isEqualTo("fail: an eviction beyond it was answered 201: said by the test");
  }

  @Test
  void suggestedFlowsAreThereOrNot() throws Exception {
    assertThat(cluster.found(GroupProbes.SUGGESTED_FLOWS)).contains("flowschemas/probes exists");
    cluster.node().answer("GET .*/(flowschemas|prioritylevelconfigurations)/.*", "{}");
    assertThat(cluster.found(GroupProbes.SUGGESTED_FLOWS)).isEqualTo("pass");
  }

  @Test
  void aCronJobStartsJobsOrNot() throws Exception {
    assertThat(cluster.found(JobProbes.CRON)).contains("it noted when it started a Job");
    cluster
        .node()
        .after(
            "POST .*/cronjobs",
            c -> {
              String batch = "/apis/batch/v1/namespaces/" + Named.namespace(c);
              cluster
                  .node()
                  .patchStatus(
                      batch + "/cronjobs/cron", "{lastScheduleTime: 2026-01-01T00:00:00Z}");
              cluster.with(
                  batch + "/jobs",
                  """
                  apiVersion: batch/v1
                  kind: Job
                  metadata:
                    name: cron-1
                    ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: cron, uid: u}]
                  spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
                  """);
            });
    assertThat(cluster.found(JobProbes.CRON)).isEqualTo("pass");
  }

  @Test
  void aRuntimeClassThatIsMissingIsRefusedOrNot() throws Exception {
    assertThat(cluster.found(GroupProbes.RUNTIME_CLASS))
        .isEqualTo("fail: a pod under a missing class was answered 201");
    cluster
        .node()
        .answer(
            "POST .*/pods",
            r -> r.target().contains("dryRun") ? Optional.of(answer(403)) : Optional.empty());
    assertThat(cluster.found(GroupProbes.RUNTIME_CLASS)).isEqualTo("pass");
  }

  @Test
  void aHigherPriorityTakesThePlaceOrNot() throws Exception {
    assertThat(cluster.found(SchedulingProbes.PREEMPTION))
        .isEqualTo("not applicable: no node without taints runs pods");
    cluster.node(
        "a", "{}", "{allocatable: {pods: 10}, conditions: [{type: Ready, status: \"True\"}]}");
    String placed = "{conditions: [{type: PodScheduled, status: \"True\"}]}";
    boolean[] preempts = {false};
    cluster
        .node()
        .pods(p -> "")
        .after(
            "POST .*/pods",
            p -> {
              String pods = "/api/v1/namespaces/" + Named.namespace(p) + "/pods";
              if (Named.name(p).equals("low") || preempts[0]) {
                cluster
                    .kube()
                    .create(
                        pods + "/" + Named.name(p) + "/binding",
                        new java.util.HashMap<>(
                            Map.of(
                                "apiVersion",
                                "v1",
                                "kind",
                                "Binding",
                                "target",
                                Map.of("kind", "Node", "name", "a"))));
                cluster.node().patchStatus(pods + "/" + Named.name(p), placed);
              }
              if (Named.name(p).equals("high") && preempts[0]) {
                cluster.kube().delete(pods + "/low?gracePeriodSeconds=0");
              }
            });
    assertThat(cluster.found(SchedulingProbes.PREEMPTION))
        .isEqualTo(
            "fail: not so: the pod of higher priority was placed; not so: the one of lower priority had to go");
    preempts[0] = true;
    assertThat(cluster.found(SchedulingProbes.PREEMPTION)).isEqualTo("pass");
    Map<String, Object> node = cluster.kube().get("/api/v1/nodes/a");
    assertThat(Trees.map(node, "status", "allocatable")).containsOnlyKeys("pods");
  }
}
