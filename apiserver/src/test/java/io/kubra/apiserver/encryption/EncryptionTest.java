package io.kubra.apiserver.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubra.api.json.Json;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.ApiServer;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.rules.BuiltinRules;
import io.kubra.metrics.MetricRegistry;
import io.kubra.store.Store;
import io.kubra.store.embedded.EmbeddedStore;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.local.LocalTransport;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionTest {
  private static final UserInfo ADMIN = UserInfo.of("admin", UserInfo.MASTERS);
  private static final String KEY = "/registry/core/secrets/default/s";
  private static final String PATH = "/api/v1/namespaces/default/secrets";

  @TempDir Path folder;
  private final Store store = EmbeddedStore.inMemory();
  private @Nullable ApiServer server;
  private @Nullable EncryptionFile file;

  @AfterEach
  void stop() {
    stopServer();
    store.close();
  }

  private void stopServer() {
    if (server != null) {
      server.close();
    }
    if (file != null) {
      file.close();
    }
  }

  private Path config() {
    return folder.resolve("encryption.yaml");
  }

  private void write(String providers) throws IOException {
    Files.writeString(
        config(),
        """
        apiVersion: apiserver.config.k8s.io/v1
        kind: EncryptionConfiguration
        resources:
        - resources: [secrets]
          providers:
        """
            + providers);
  }

  private static String keys(String kind, String... names) {
    StringBuilder text = new StringBuilder("  - " + kind + ":\n      keys:\n");
    for (String name : names) {
      byte[] key =
          (name + "-is-a-key-of-32-bytes-in-tests-")
              .substring(0, 32)
              .getBytes(StandardCharsets.US_ASCII);
      text.append(
          "      - {name: %s, secret: %s}%n"
              .formatted(name, Base64.getEncoder().encodeToString(key)));
    }
    return text.toString();
  }

  private static final String IDENTITY = "  - identity: {}\n";

  private void start() throws InterruptedException {
    EncryptionFile opened =
        EncryptionFile.open(config(), store, Duration.ofMillis(20), new MetricRegistry());
    file = opened;
    ApiServer started =
        ApiServer.builder(opened.store())
            .rules(BuiltinRules.registry())
            .authenticator(o -> x -> Optional.of(ADMIN))
            .build();
    server = started;
    started.start();
    opened.start();
    started.awaitReady();
  }

  private Map<String, Object> send(String method, String path, @Nullable Object body) {
    HttpRequest request =
        HttpRequest.of(
            method,
            URI.create(path),
            HttpHeaders.of("Content-Type", "application/json"),
            body == null ? new byte[0] : Json.write(body));
    LocalTransport transport = new LocalTransport(Objects.requireNonNull(server).handler());
    try (HttpClientResponse response = transport.send(request)) {
      return Json.parseObject(response.bytes());
    }
  }

  private void createSecret() {
    send(
        "POST",
        PATH,
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Secret",
            "metadata",
            Map.of("name", "s"),
            "data",
            Map.of("password", "aHVudGVyMg==")));
  }

  private String kept() {
    return new String(Objects.requireNonNull(store.get(KEY)).value(), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"aesgcm", "aescbc", "secretbox"})
  void secretsAreKeptInUpstreamsFormatAndReadAsTheyWere(String kind) throws Exception {
    write(keys(kind, "key1") + IDENTITY);
    start();

    createSecret();

    assertThat(kept()).startsWith("k8s:enc:" + kind + ":v1:key1:").doesNotContain("aHVudGVyMg");
    assertThat(Trees.string(send("GET", PATH + "/s", null), "data", "password"))
        .isEqualTo("aHVudGVyMg==");
    assertThat(Trees.maps(send("GET", PATH, null), "items")).hasSize(1);
    assertThat(Trees.string(send("DELETE", PATH + "/s", null), "status")).isEqualTo("Success");
    assertThat(
            new String(
                Objects.requireNonNull(store.get("/registry/core/namespaces/default")).value(),
                StandardCharsets.UTF_8))
        .startsWith("{");
  }

  @Test
  void aNewKeyIsTakenWhileTheServerRunsAndOldValuesAreWrittenAnew() throws Exception {
    write(IDENTITY);
    start();
    createSecret();
    assertThat(kept()).startsWith("{");

    write(keys("aescbc", "key1") + IDENTITY);
    await().until(() -> kept().startsWith("k8s:enc:aescbc:v1:key1:"));
    write(keys("aesgcm", "key2") + keys("aescbc", "key1"));
    await().until(() -> kept().startsWith("k8s:enc:aesgcm:v1:key2:"));
    write(keys("aesgcm", "key2"));

    assertThat(Trees.string(send("GET", PATH + "/s", null), "data", "password"))
        .isEqualTo("aHVudGVyMg==");
  }

  @Test
  void aFileThatBecomesWrongChangesNothing() throws Exception {
    write(keys("aesgcm", "key1") + IDENTITY);
    start();
    Files.writeString(config(), "kind: Nonsense");

    createSecret();

    assertThat(kept()).startsWith("k8s:enc:aesgcm:v1:key1:");
  }

  @Test
  void withoutTheKeyNothingIsReadAndNothingIsLost() throws Exception {
    write(keys("aesgcm", "key1"));
    start();
    createSecret();
    stopServer();
    String before = kept();
    write(keys("aesgcm", "other") + IDENTITY);
    start();

    assertThat(send("GET", PATH + "/s", null))
        .containsEntry("reason", "InternalError")
        .extractingByKey("message")
        .asString()
        .contains("unable to transform key \"" + KEY + "\": no matching prefix found");
    assertThat(send("GET", PATH, null)).containsEntry("code", 500L);
    assertThat(send("DELETE", PATH + "/s", null)).containsEntry("code", 500L);
    assertThat(send("GET", "/api/v1/namespaces/default/configmaps", null))
        .containsEntry("kind", "ConfigMapList");
    assertThat(kept()).isEqualTo(before);

    write(keys("aesgcm", "other") + keys("aesgcm", "key1"));
    await().until(() -> kept().startsWith("k8s:enc:aesgcm:v1:other:"));
    assertThat(Trees.string(send("GET", PATH + "/s", null), "data", "password"))
        .isEqualTo("aHVudGVyMg==");
  }

  @Test
  void aGeneratedFileIsNotMadeAgainForValuesThatItCannotRead() throws Exception {
    EncryptionFile.createIfMissing(config(), store);
    start();
    createSecret();
    stopServer();
    assertThat(kept()).startsWith("k8s:enc:aesgcm:v1:key1:");
    Files.delete(config());

    assertThatThrownBy(() -> EncryptionFile.createIfMissing(config(), store))
        .hasMessageContaining("put it back, or copy it from another server");
  }

  /** The test vector of NaCl's own documentation. */
  @Test
  void secretboxIsNacls() {
    HexFormat hex = HexFormat.of();
    byte[] key = hex.parseHex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
    byte[] nonce = hex.parseHex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
    byte[] plain =
        hex.parseHex(
            "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a"
                + "1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057"
                + "e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040"
                + "e082f937763848645e0705");

    byte[] sealed = new SecretBox(key).seal(plain, nonce);

    assertThat(hex.formatHex(sealed, 24, 24 + 48))
        .isEqualTo(
            "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186a");
    assertThat(new SecretBox(key).decrypt(sealed, 0, new byte[0])).isEqualTo(plain);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{resources: [secrets], providers: [{aesgcm: {keys: [{name: a, secret: YQ==}]}}]}] |"
            + " resources[0].providers[0].aesgcm.keys[0].secret: Invalid value: secret is not of the"
            + " expected length, got 1, expected one of 16, 24, 32",
        "[{resources: [secrets], providers: [{rot13: {}}]}] | resources[0].providers[0]:"
            + " Unsupported value: \"rot13\"",
        "[{resources: ['*'], providers: [{identity: {}}]}] | use resource, resource.group",
        "[{resources: [secrets], providers: []}] | resources[0].providers: Required value",
      })
  void aWrongConfigurationIsRefusedWithItsField(String resources, String why) {
    Map<String, Object> tree =
        Yaml.parseObject(
            ("{apiVersion: apiserver.config.k8s.io/v1, kind: EncryptionConfiguration, resources: "
                    + resources
                    + "}")
                .getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> EncryptionConfig.of(tree)).hasMessageContaining(why);
  }
}
