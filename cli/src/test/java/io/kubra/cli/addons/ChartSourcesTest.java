package io.kubra.cli.addons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.addons.custom.Conditions;
import io.kubra.addons.custom.CustomObject;
import io.kubra.addons.helm.controller.HelmCharts;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import io.kubra.cli.config.Part;
import io.kubra.cli.config.Parts;
import io.kubra.client.ListOptions;
import io.kubra.client.ResourceClient;
import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.core.v1.Secret;
import io.kubra.model.meta.v1.ObjectMeta;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Charts from a registry and from a repository, both behind TLS and a password. */
class ChartSourcesTest {
  @TempDir private static Path folder;
  private static TestingServer server;
  private static TestingRegistry registry;

  @BeforeAll
  static void start() throws Exception {
    registry = new TestingRegistry(folder.resolve("registry"));
    server = new TestingServer(folder.resolve("server"), new Parts(Set.of(Part.HELM)));
  }

  @AfterAll
  static void stop() {
    server.close();
    registry.close();
  }

  private static HelmProgram helm(String home) throws IOException {
    return new HelmProgram(Files.createDirectories(folder.resolve(home)), server.kubeconfig());
  }

  private static Path archive(String home, String name, String version) throws IOException {
    Path file = folder.resolve(home).resolve(name + "-" + version + ".tgz");
    return Files.write(file, TestChart.archive(name, version));
  }

  private static void allow(String path) {
    server
        .client()
        .resource(Secret.RESOURCE)
        .create(
            Secret.builder()
                .metadata(ObjectMeta.builder().namespace("default").name(path).build())
                .type("kubernetes.io/basic-auth")
                .data(
                    Map.of(
                        "username", TestingRegistry.USER.getBytes(StandardCharsets.UTF_8),
                        "password", TestingRegistry.PASSWORD.getBytes(StandardCharsets.UTF_8)))
                .build());
  }

  private static CustomObject awaitChart(String name, String spec) {
    ResourceClient<CustomObject> charts = server.client().resource(HelmCharts.TYPE);
    await()
        .ignoreExceptions()
        .atMost(Duration.ofSeconds(60))
        .until(() -> charts.list("", ListOptions.ALL) != null);
    charts.create(
        CustomObject.of(
            Yaml.parseObject(
                """
                apiVersion: helm.kubra.io/v1
                kind: HelmChart
                metadata: {name: %s, namespace: default}
                spec:
                """
                    .formatted(name)
                    .concat(spec.indent(2))
                    .getBytes(StandardCharsets.UTF_8))));
    CustomObject chart =
        await()
            .atMost(Duration.ofSeconds(90))
            .until(
                () -> charts.get("default", name),
                c -> Set.of("True", "False").contains(Conditions.get(c, "Ready").get("status")));
    assertThat(Conditions.get(chart, "Ready")).containsEntry("status", "True");
    return chart;
  }

  @Test
  void chartsAreKeptInARegistry() throws Exception {
    HelmProgram helm = helm("oci");
    String ca = "--ca-file=" + registry.authority();
    String remote = "oci://" + registry.host() + "/team/charts";
    String one = archive("oci", "web", "1.0.0").toString();
    String two = archive("oci", "web", "1.2.0").toString();

    assertThat(helm.fail("push", one, remote, ca)).contains("basic credential not found");
    assertThat(
            helm.attempt(
                    "wrong",
                    "registry",
                    "login",
                    registry.host(),
                    "-u",
                    TestingRegistry.USER,
                    "--password-stdin",
                    ca)
                .exitCode())
        .isEqualTo(1);
    var login =
        helm.attempt(
            TestingRegistry.PASSWORD,
            "registry",
            "login",
            registry.host(),
            "-u",
            TestingRegistry.USER,
            "--password-stdin",
            ca);
    assertThat(login.output() + login.errors()).contains("Login Succeeded");
    assertThat(helm.fail("push", one, remote)).contains("certificate");
    assertThat(helm.run("push", one, remote, ca)).contains("Pushed: ", "Digest: sha256:");
    helm.run("push", two, remote, "--insecure-skip-tls-verify");

    helm.run("pull", remote + "/web", "--version=1.0.0", ca, "--untar");
    assertThat(folder.resolve("oci/web/Chart.yaml")).content().contains("version: 1.0.0");
    assertThat(helm.run("show", "chart", remote + "/web", ca)).contains("version: 1.2.0");

    assertThat(
            helm.run(
                "install",
                "web",
                remote + "/web",
                "--version=^1.0",
                ca,
                "-n",
                "oci",
                "--create-namespace",
                "--set",
                "a=1"))
        .contains("STATUS: deployed");
    assertThat(helm.run("list", "-n", "oci")).contains("web-1.2.0");
    helm.run("upgrade", "web", remote + "/web", "--version=1.0.0", ca, "-n", "oci");
    assertThat(helm.run("list", "-n", "oci")).contains("web-1.0.0");

    helm.run("registry", "logout", registry.host());
    assertThat(helm.fail("pull", remote + "/web", ca)).contains("basic credential not found");

    allow("registry-user");
    server
        .client()
        .resource(ConfigMap.RESOURCE)
        .create(
            ConfigMap.builder()
                .metadata(ObjectMeta.builder().namespace("default").name("registry-ca").build())
                .data(Map.of("ca.crt", Files.readString(registry.authority())))
                .build());
    CustomObject chart =
        awaitChart(
            "from-registry",
            """
            chart: %s/web
            version: ~1.2
            authSecret: {name: registry-user}
            repoCAConfigMap: {name: registry-ca}
            """
                .formatted(remote));
    assertThat(Trees.string(chart.tree(), "status", "chartVersion")).isEqualTo("1.2.0");
  }

  @Test
  void chartsAreFoundInARepository() throws Exception {
    HelmProgram helm = helm("repo");
    String ca = "--ca-file=" + registry.authority();
    for (String version : new String[] {"1.0.0", "1.1.0"}) {
      Files.write(
          registry.repository().resolve("shop-" + version + ".tgz"),
          TestChart.archive("shop", version));
    }
    helm.run("repo", "index", registry.repository().toString());
    assertThat(registry.repository().resolve("index.yaml"))
        .content()
        .contains("shop-1.1.0.tgz", "digest: ");

    String[] add = {
      "repo",
      "add",
      "mine",
      registry.repositoryUrl(),
      ca,
      "--username",
      TestingRegistry.USER,
      "--password",
      TestingRegistry.PASSWORD
    };
    assertThat(helm.fail("repo", "add", "mine", registry.repositoryUrl(), ca)).contains("401");
    assertThat(helm.run(add)).isEqualTo("\"mine\" has been added to your repositories\n");
    assertThat(helm.run("repo", "list")).contains("NAME", "mine", registry.repositoryUrl());
    assertThat(helm.run("search", "repo", "shop"))
        .contains("mine/shop", "1.1.0")
        .doesNotContain("1.0.0");
    assertThat(helm.run("search", "repo", "-l")).contains("1.1.0", "1.0.0");

    Files.write(
        registry.repository().resolve("shop-2.0.0.tgz"), TestChart.archive("shop", "2.0.0"));
    helm.run("repo", "index", registry.repository().toString(), "--url", registry.repositoryUrl());
    assertThat(helm.run("repo", "update")).contains("Successfully got an update from the \"mine\"");
    assertThat(helm.run("search", "repo", "mine/", "--version", ">=2")).contains("2.0.0");

    helm.run("install", "shop", "mine/shop", "--version=1.0.0", "-n", "repo", "--create-namespace");
    helm.run(
        "upgrade",
        "shop",
        "shop",
        "--repo",
        registry.repositoryUrl(),
        ca,
        "--username",
        TestingRegistry.USER,
        "--password",
        TestingRegistry.PASSWORD,
        "-n",
        "repo");
    assertThat(helm.run("list", "-n", "repo")).contains("shop-2.0.0");
    assertThat(helm.run("repo", "remove", "mine"))
        .isEqualTo("\"mine\" has been removed from your repositories\n");
    assertThat(helm.fail("repo", "list")).isEqualTo("Error: no repositories to show\n");

    allow("repository-user");
    CustomObject chart =
        awaitChart(
            "from-repository",
            """
            repo: %s
            chart: shop
            version: 1.1.0
            authSecret: {name: repository-user}
            repoCA: |
            %s
            """
                .formatted(
                    registry.repositoryUrl(), Files.readString(registry.authority()).indent(2)));
    assertThat(Trees.string(chart.tree(), "status", "chartVersion")).isEqualTo("1.1.0");
  }
}
