package io.kubra.client.informer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.ApiResponse;
import io.kubra.client.ApiTransport;
import io.kubra.client.ListOptions;
import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.transport.websocket.WebSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
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

  /** A way to the server that can be cut. */
  private static final class Wire implements ApiTransport {
    private final ApiClient inner =
        ApiClient.local(
            server.transport(), UserInfo.class, UserInfo.of("t", UserInfo.MASTERS), "t");
    volatile boolean cut;

    @Override
    public ApiResponse send(ApiRequest request) {
      if (cut) {
        throw new UncheckedIOException(new IOException("connection refused"));
      }
      return inner.exchange(request);
    }

    @Override
    public WebSocket webSocket(String target, List<String> subprotocols) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  private static ConfigMap configMap(String namespace, String name) {
    return ConfigMap.builder()
        .metadata(ObjectMeta.builder().namespace(namespace).name(name).build())
        .build();
  }

  private SharedInformer<ConfigMap> informer(
      Wire wire, String namespace, UnaryOperator<List<ConfigMap>> recalled) {
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
    Wire wire = new Wire();
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

    wire.cut = true;
    try (SharedInformer<ConfigMap> second = informer(wire, "default", UnaryOperator.identity())) {
      assertThat(second.awaitKnown(Duration.ofSeconds(30))).isTrue();
      assertThat(names(second)).containsExactly("goes", "stays");
      assertThat(second.hasSynced()).isFalse();

      wire.cut = false;
      assertThat(second.awaitSynced(Duration.ofSeconds(30))).isTrue();
      assertThat(names(second)).containsExactly("new", "stays");
    }
  }

  @Test
  void whatDoesNotCountAnyMoreIsNotRecalled() throws Exception {
    Wire wire = new Wire();
    Files.writeString(
        folder.resolve("known.json"),
        """
        {"metadata":{"namespace":"other","name":"a"}}
        {"metadata":{"namespace":"other","name":"b"}}
        """);
    wire.cut = true;
    try (SharedInformer<ConfigMap> informer =
        informer(wire, "other", known -> List.of(known.getLast()))) {
      assertThat(informer.awaitKnown(Duration.ofSeconds(30))).isTrue();
      assertThat(names(informer)).containsExactly("b");
    }
  }

  @Test
  void aBrokenFileIsAsGoodAsNone() throws Exception {
    Wire wire = new Wire();
    Files.writeString(folder.resolve("known.json"), "{\"metadata\":{\"name\":\"half");
    wire.cut = true;
    try (SharedInformer<ConfigMap> informer = informer(wire, "other", UnaryOperator.identity())) {
      assertThat(informer.awaitKnown(Duration.ofMillis(300))).isFalse();
      assertThat(informer.list()).isEmpty();
      wire.cut = false;
      assertThat(informer.awaitSynced(Duration.ofSeconds(30))).isTrue();
    }
  }
}
