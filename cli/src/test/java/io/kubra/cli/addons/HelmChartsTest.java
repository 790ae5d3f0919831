package io.kubra.cli.addons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.addons.custom.Conditions;
import io.kubra.addons.custom.CustomObject;
import io.kubra.addons.helm.controller.HelmCharts;
import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.release.ReleaseStore;
import io.kubra.api.json.Json;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import io.kubra.cli.config.Part;
import io.kubra.cli.config.Parts;
import io.kubra.client.ListOptions;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.core.v1.Event;
import io.kubra.model.core.v1.Secret;
import io.kubra.model.meta.v1.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HelmCharts and what they keep installed, by real processes of Helm. */
class HelmChartsTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir private static Path folder;
  private static TestingServer server;
  private static ResourceClient<CustomObject> charts;

  @BeforeAll
  static void start() throws Exception {
    server = new TestingServer(folder, new Parts(Set.of(Part.HELM)));
    charts = server.client().resource(HelmCharts.TYPE);
    await()
        .ignoreExceptions()
        .atMost(LIMIT)
        .until(() -> charts.list("", ListOptions.ALL).items().isEmpty());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static CustomObject create(String name, String spec) {
    return charts.create(
        CustomObject.of(
            Yaml.parseObject(
                """
                apiVersion: helm.kubra.io/v1
                kind: HelmChart
                metadata: {name: %s, namespace: kube-system}
                spec:
                """
                    .formatted(name)
                    .concat(spec.indent(2))
                    .getBytes(StandardCharsets.UTF_8))));
  }

  private static void change(String name, Map<String, Object> spec) {
    var unused =
        charts.patch("kube-system", name, PatchType.MERGE, Json.write(Map.of("spec", spec)), null);
  }

  private static CustomObject awaitReady(String name, long generation) {
    return await()
        .atMost(LIMIT)
        .until(
            () -> charts.get("kube-system", name),
            c ->
                "True".equals(Conditions.get(c, "Ready").get("status"))
                    && Trees.integerOr(c.tree(), 0, "status", "observedGeneration") >= generation);
  }

  private static CustomObject awaitReason(String name, String reason) {
    return await()
        .atMost(LIMIT)
        .until(
            () -> charts.get("kube-system", name),
            c -> reason.equals(Conditions.get(c, "Ready").get("reason")));
  }

  private static Map<String, String> data(String namespace, String name) {
    return server.client().resource(ConfigMap.RESOURCE).get(namespace, name).data();
  }

  private static List<String> events(String name) {
    return server
        .client()
        .resource(Event.RESOURCE)
        .list("kube-system", ListOptions.ALL)
        .items()
        .stream()
        .filter(e -> name.equals(e.involvedObject().name()))
        .map(e -> e.type() + " " + e.reason() + " " + e.message())
        .toList();
  }

  @Test
  void aChartIsInstalledUpgradedRepairedAndUninstalledWithItsHelmChart() throws Exception {
    server
        .client()
        .resource(Secret.RESOURCE)
        .create(
            Secret.builder()
                .metadata(ObjectMeta.builder().namespace("kube-system").name("web-values").build())
                .data(Map.of("v.yaml", "fromSecret: hidden".getBytes(StandardCharsets.UTF_8)))
                .build());
    create(
        "web",
        """
        chartContent: %s
        targetNamespace: shop
        createNamespace: true
        valuesContent: |
          fromContent: content
          fromValues: weaker
          fromSet: weaker
        values: {fromValues: values}
        valuesSecrets: [{name: web-values}]
        set: {fromSet: "a,b \\"c\\" @d", number: 3, list.deep: "true"}
        """
            .formatted(TestChart.base64("web", "1.0.0")));
    CustomObject chart = awaitReady("web", 1);
    assertThat(Trees.map(chart.tree(), "status"))
        .containsEntry("namespace", "shop")
        .containsEntry("revision", 1L)
        .containsEntry("releaseStatus", "deployed")
        .containsEntry("chartVersion", "1.0.0")
        .containsEntry("appVersion", "7")
        .containsEntry("failures", 0L);
    assertThat(Json.parse(data("shop", "web").get("values").getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(
            Map.of(
                "fromContent", "content",
                "fromValues", "values",
                "fromSecret", "hidden",
                "fromSet", "a,b \"c\" @d",
                "number", 3L,
                "list", Map.of("deep", true)));
    assertThat(events("web"))
        .contains("Normal InstallSucceeded web 1.0.0 is installed as revision 1");

    change("web", Map.of("valuesContent", "fromContent: changed"));
    chart = awaitReady("web", 2);
    assertThat(data("shop", "web").get("values")).contains("changed");
    assertThat(Trees.integer(chart.tree(), "status", "revision")).isEqualTo(2);

    ReleaseStore releases = new ReleaseStore(server.client(), "shop");
    releases.update(releases.last("web").with("superseded", null));
    await().atMost(LIMIT).until(() -> releases.last("web").status().equals("deployed"));
    assertThat(releases.last("web").revision()).isEqualTo(3);

    charts.delete("kube-system", "web");
    await().atMost(LIMIT).until(() -> charts.find("kube-system", "web").isEmpty());
    assertThat(releases.history("web")).isEmpty();
    assertThat(server.client().resource(ConfigMap.RESOURCE).find("shop", "web")).isEmpty();
    try (Stream<Path> left = Files.list(folder.resolve("helm"))) {
      assertThat(left).as("files with values and credentials").isEmpty();
    }
  }

  @Test
  void aFailureIsToldAndTriedAgainWhenTheSpecIsMended() {
    create(
        "broken",
        """
        chartContent: %s
        values: {fail: "no such luck"}
        failurePolicy: abort
        """
            .formatted(TestChart.base64("broken", "1.0.0")));
    CustomObject chart = awaitReason("broken", "InstallFailed");
    assertThat(String.valueOf(Conditions.get(chart, "Ready").get("message")))
        .contains("no such luck");
    assertThat(Trees.integer(chart.tree(), "status", "failures")).isEqualTo(1);
    await()
        .atMost(LIMIT)
        .until(
            () -> events("broken"),
            all -> all.stream().anyMatch(e -> e.startsWith("Warning InstallFailed ")));

    Map<String, Object> values = new LinkedHashMap<>();
    values.put("fail", "");
    change("broken", Map.of("values", values));
    awaitReady("broken", 2);
  }

  @Test
  void whatMakesNoSenseIsRefusedWithoutRunningHelm() {
    create("nothing", "version: '1'");
    CustomObject chart = awaitReason("nothing", "InvalidSpec");
    assertThat(Conditions.get(chart, "Ready"))
        .containsEntry("message", "exactly one of chart and chartContent is required");

    create("host-file", "chart: /etc/shadow");
    chart = awaitReason("host-file", "InvalidSpec");
    assertThat(String.valueOf(Conditions.get(chart, "Ready").get("message")))
        .contains("needs a repo, or must be an oci:// or https:// address");

    create("option", "{chart: --debug, repo: 'https://127.0.0.1:1'}");
    awaitReason("option", "InvalidSpec");

    create("referring", "{chart: 'oci://127.0.0.1:1/web', authSecret: {name: absent}}");
    chart = awaitReason("referring", "ReferenceNotFound");
    assertThat(Conditions.get(chart, "Ready"))
        .containsEntry("message", "Secret \"absent\" not found");
    List.of("nothing", "host-file", "option", "referring")
        .forEach(name -> charts.delete("kube-system", name));
    await().atMost(LIMIT).until(() -> charts.find("kube-system", "referring").isEmpty());
  }

  @Test
  void aReleaseThatAnEarlierServerLeftInTheMiddleIsMended() {
    create("cut", "chartContent: " + TestChart.base64("cut", "1.0.0"));
    awaitReady("cut", 1);
    ReleaseStore releases = new ReleaseStore(server.client(), "kube-system");
    Release last = releases.last("cut");
    Map<String, Object> begun =
        Map.of(
            "conditions",
            List.of(
                Map.of(
                    "type", "Ready",
                    "status", "Unknown",
                    "lastTransitionTime", "2026-01-01T00:00:00Z",
                    "reason", "Upgrading",
                    "message", "helm works")));
    Runnable markBegun =
        () -> {
          var unused =
              charts.patch(
                  "kube-system",
                  "cut",
                  PatchType.MERGE,
                  Json.write(Map.of("status", begun)),
                  "status");
        };
    releases.update(last.with("pending-upgrade", null));
    markBegun.run();
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              CustomObject chart = charts.get("kube-system", "cut");
              if ("ReleasePending".equals(Conditions.get(chart, "Ready").get("reason"))) {
                // the controller looked between the two writes
                markBegun.run();
              }
              return !releases.last("cut").pending();
            });
    awaitReady("cut", 1);
    assertThat(releases.history("cut")).extracting(Release::status).endsWith("deployed");
  }

  @Test
  void aReleaseThatHelmLeftWhenItWasKilledIsMended() {
    create("killed", "chartContent: " + TestChart.base64("killed", "1.0.0"));
    awaitReady("killed", 1);
    ReleaseStore releases = new ReleaseStore(server.client(), "kube-system");
    releases.update(releases.last("killed").with("pending-upgrade", null));
    var unused = awaitReason("killed", "ReleasePending");
    // As the controller notes when a run has ended and left the release like that.
    unused =
        charts.patch(
            "kube-system",
            "killed",
            PatchType.MERGE,
            Json.write(Map.of("status", Map.of("releaseStatus", "pending-upgrade"))),
            "status");

    awaitReady("killed", 1);
    assertThat(releases.history("killed")).extracting(Release::status).endsWith("deployed");
  }
}
