package io.kubra.client.informer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.client.testing.FaultyTransport;
import io.kubra.client.testing.FaultyTransport.Fault;
import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.meta.v1.ObjectMeta;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An informer that starts while its server cannot be reached. */
class RememberedObjectsTest {
  private static TestingApiServer server;
  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = TestingApiServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static ConfigMap configMap(String namespace, String name) {
    return ConfigMap.builder()
        .metadata(ObjectMeta.builder().namespace(namespace).name(name).build())
        .build();
  }

  private SharedInformer<ConfigMap> informer(
      FaultyTransport wire, String namespace, UnaryOperator<List<ConfigMap>> recalled) {
    SharedInformer<ConfigMap> informer =
        new SharedInformer<>(
                new ApiClient(wire).resource(ConfigMap.RESOURCE),
                namespace,
                ListOptions.ALL.withFields("metadata.name!=kube-root-ca.crt"))
            .remember(folder.resolve("known.json"), recalled);
    informer.start();
    return informer;
  }

  private static List<String> names(SharedInformer<ConfigMap> informer) {
    return informer.list().stream().map(c -> c.metadata().name()).sorted().toList();
  }

  @Test
  void whatWasKnownBeforeIsKnownUntilTheServerAnswers() throws Exception {
    FaultyTransport wire = new FaultyTransport(server, "t");
    var objects = new ApiClient(wire).resource(ConfigMap.RESOURCE);
    objects.create(configMap("default", "stays"));
    objects.create(configMap("default", "goes"));
    Path file = folder.resolve("known.json");
    try (SharedInformer<ConfigMap> first = informer(wire, "default", UnaryOperator.identity())) {
      assertThat(first.awaitKnown(Duration.ofSeconds(30))).isTrue();
      await().untilAsserted(() -> assertThat(file).content().contains("stays", "goes"));
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    objects.delete("default", "goes");
    objects.create(configMap("default", "new"));

    wire.fault = Fault.REQUEST_LOST;
    try (SharedInformer<ConfigMap> second = informer(wire, "default", UnaryOperator.identity())) {
      assertThat(second.awaitKnown(Duration.ofSeconds(30))).isTrue();
      assertThat(names(second)).containsExactly("goes", "stays");
      assertThat(second.hasSynced()).isFalse();

      wire.fault = Fault.NONE;
      assertThat(second.awaitSynced(Duration.ofSeconds(30))).isTrue();
      assertThat(names(second)).containsExactly("new", "stays");
    }
  }

  @Test
  void whatDoesNotCountAnyMoreIsNotRecalled() throws Exception {
    FaultyTransport wire = new FaultyTransport(server, "t");
    Files.writeString(
        folder.resolve("known.json"),
        """
        {"metadata":{"namespace":"other","name":"a"}}
        {"metadata":{"namespace":"other","name":"b"}}
        """);
    wire.fault = Fault.REQUEST_LOST;
    try (SharedInformer<ConfigMap> informer =
        informer(wire, "other", known -> List.of(known.getLast()))) {
      assertThat(informer.awaitKnown(Duration.ofSeconds(30))).isTrue();
      assertThat(names(informer)).containsExactly("b");
    }
  }

  @Test
  void aBrokenFileIsAsGoodAsNone() throws Exception {
    FaultyTransport wire = new FaultyTransport(server, "t");
    Files.writeString(folder.resolve("known.json"), "{\"metadata\":{\"name\":\"half");
    wire.fault = Fault.REQUEST_LOST;
    try (SharedInformer<ConfigMap> informer = informer(wire, "other", UnaryOperator.identity())) {
      assertThat(informer.awaitKnown(Duration.ofMillis(300))).isFalse();
      assertThat(informer.list()).isEmpty();
      wire.fault = Fault.NONE;
      assertThat(informer.awaitSynced(Duration.ofSeconds(30))).isTrue();
    }
  }
}
