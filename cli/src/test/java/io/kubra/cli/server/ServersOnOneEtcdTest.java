package io.kubra.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubra.api.json.Json;
import io.kubra.apiserver.encryption.EncryptionFile;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.Credentials;
import io.kubra.cli.config.ClusterConfiguration;
import io.kubra.cli.daemon.DaemonMain;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.KubeConfig;
import io.kubra.client.ListOptions;
import io.kubra.client.PatchType;
import io.kubra.model.KubernetesObject;
import io.kubra.model.ResourceType;
import io.kubra.model.apps.v1.Deployment;
import io.kubra.model.apps.v1.ReplicaSet;
import io.kubra.model.coordination.v1.Lease;
import io.kubra.model.core.v1.Event;
import io.kubra.model.core.v1.Pod;
import io.kubra.store.Store;
import io.kubra.store.embedded.EmbeddedStore;
import io.kubra.store.testing.TestingEtcd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Server processes that share an etcd: one set of controllers and one scheduler among them. */
class ServersOnOneEtcdTest {
  private static final List<String> OFFICES = List.of("kube-controller-manager", "kube-scheduler");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;
  private TestingEtcd etcd;
  private final List<Server> servers = new ArrayList<>();

  /** One server process with a data folder and a client of its own. */
  private final class Server {
    final Path data;
    final int port;
    final ApiClient client;
    Process process;

    Server(String name) throws IOException {
      data = folder.resolve(name);
      port = freePort();
      Credentials admin;
      byte[] ca;
      copy(folder.resolve("pki"), data.resolve("pki"));
      try (ClusterPki pki = ClusterPki.open(data.resolve("pki"))) {
        admin = pki.certificate("admin", ClusterIdentities.admin()).get();
        ca = Files.readAllBytes(pki.authorityFile());
      }
      client =
          ApiClient.https(
              KubeConfig.certificate(
                  URI.create("https://127.0.0.1:" + port),
                  ca,
                  admin.certificatePem().getBytes(StandardCharsets.UTF_8),
                  admin.keyPem().getBytes(StandardCharsets.UTF_8)),
              "test");
      process = start();
    }

    Process start() throws IOException {
      ServerOptions options =
          new ServerOptions(
              data,
              "127.0.0.1",
              port,
              "127.0.0.1",
              "10.96.0.0/16",
              "10.244.0.0/16",
              "cluster.local",
              "",
              "unused",
              List.of(),
              etcd.config(),
              ClusterConfiguration.DEFAULT);
      Path configuration = data.resolve("kubra.json");
      options.configuration().write(configuration);
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  DaemonMain.class.getName(),
                  "server"));
      command.addAll(ServerArguments.of(options, configuration));
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
          .start();
    }

    Path log() {
      return folder.resolve(data.getFileName() + ".log");
    }

    boolean leads(String office) {
      if (!process.isAlive()) {
        return false;
      }
      String metrics = new String(client.call(ApiRequest.get("/metrics")), StandardCharsets.UTF_8);
      return metrics.contains("leader_election_master_status{name=\"" + office + "\"} 1");
    }

    void awaitLeading() {
      for (String office : OFFICES) {
        await(office)
            .atMost(LIMIT)
            .pollInterval(Duration.ofMillis(200))
            .ignoreExceptions()
            .until(() -> leads(office));
      }
    }

    <T extends KubernetesObject> List<T> list(ResourceType<T> type) {
      return client.resource(type).list("default", ListOptions.ALL).items();
    }

    void awaitReady() {
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(100))
          .ignoreExceptions()
          .until(() -> client.call(ApiRequest.get("/readyz")).length > 0);
    }
  }

  @BeforeEach
  void open() {
    assumeTrue(TestingEtcd.present(), "etcd is not installed: apt-get install etcd-server");
    etcd = new TestingEtcd(folder);
  }

  @AfterEach
  void close() throws Exception {
    for (Server server : servers) {
      server.client.close();
      server.process.destroyForcibly().waitFor();
      System.out.println(server.log() + ":\n" + Files.readString(server.log()));
    }
    if (etcd != null) {
      etcd.close();
    }
  }

  @Test
  void oneOfThemWorksAndTheOtherGoesOnWhenItEnds() throws Exception {
    try (ClusterPki pki = ClusterPki.open(folder.resolve("pki"))) {
      assertThat(pki.authorityFile()).exists();
    }
    try (Store nothing = EmbeddedStore.inMemory()) {
      EncryptionFile.createIfMissing(folder.resolve("pki/encryption.yaml"), nothing);
    }
    Server first = new Server("first");
    servers.add(first);
    first.awaitReady();
    first.awaitLeading();
    Server second = new Server("second");
    servers.add(second);
    second.awaitReady();

    second.client.call(
        ApiRequest.of(
            "POST",
            "/apis/apps/v1/namespaces/default/deployments",
            "application/json",
            Json.write(deployment())));
    awaitPods(second, 3);
    assertThat(OFFICES).noneMatch(second::leads).allMatch(first::leads);

    // A clean end hands the office over at once; the leases would be good for 15 seconds.
    first.process.destroy();
    first.process.waitFor();
    assertThat(second.client.resource(Lease.RESOURCE).get("kube-system", OFFICES.getFirst()).spec())
        .satisfiesAnyOf(
            lease -> assertThat(lease.holderIdentity()).isEmpty(),
            lease -> assertThat(lease.leaseTransitions()).isEqualTo(1));
    second.awaitLeading();
    scale(second, 5);
    awaitPods(second, 5);

    // A killed one is followed when its lease has run out.
    first.process = first.start();
    first.awaitReady();
    second.process.destroyForcibly().waitFor();
    first.awaitLeading();
    scale(first, 6);
    awaitPods(first, 6);

    assertThat(first.list(ReplicaSet.RESOURCE)).hasSize(1);
    List<String> created =
        first.list(Event.RESOURCE).stream()
            .filter(event -> "SuccessfulCreate".equals(event.reason()))
            .map(event -> String.valueOf(event.message()))
            .toList();
    assertThat(created).as("pods created").hasSize(6).doesNotHaveDuplicates();
  }

  private static void awaitPods(Server server, int count) {
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(
            () ->
                server.list(Deployment.RESOURCE).getFirst().status().replicas() != null
                    && server.list(Deployment.RESOURCE).getFirst().status().replicas() == count);
    assertThat(server.list(Pod.RESOURCE)).hasSize(count);
  }

  private static void scale(Server server, int replicas) {
    server
        .client
        .resource(Deployment.RESOURCE)
        .patch(
            "default",
            "web",
            PatchType.MERGE,
            Json.write(Map.of("spec", Map.of("replicas", (long) replicas))),
            null);
  }

  private static Map<String, Object> deployment() {
    Map<String, Object> labels = Map.of("app", "web");
    return Map.of(
        "metadata",
        Map.of("name", "web"),
        "spec",
        Map.of(
            "replicas",
            3L,
            "selector",
            Map.of("matchLabels", labels),
            "template",
            Map.of(
                "metadata",
                Map.of("labels", labels),
                "spec",
                Map.of("containers", List.of(Map.of("name", "web", "image", "web:1"))))));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
