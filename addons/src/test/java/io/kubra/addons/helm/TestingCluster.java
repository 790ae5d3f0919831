package io.kubra.addons.helm;

import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.Credentials;
import io.kubra.apiserver.standard.StandardApiServer;
import io.kubra.apiserver.standard.StandardConfig;
import io.kubra.client.ApiClient;
import io.kubra.client.KubeConfig;
import io.kubra.store.embedded.EmbeddedConfig;
import io.kubra.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** An API server with all its guards that Helm reaches over HTTPS. */
final class TestingCluster implements AutoCloseable {
  private final EmbeddedStore store;
  private final StandardApiServer server;
  private final Path kubeconfig;
  private final ApiClient client;

  TestingCluster(Path folder) throws IOException, InterruptedException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    byte[] ca;
    Credentials admin;
    try (ClusterPki pki = ClusterPki.open(folder.resolve("pki"))) {
      admin = pki.certificate("admin", ClusterIdentities.admin()).get();
      ca = Files.readAllBytes(pki.authorityFile());
    }
    Files.createDirectories(folder.resolve("store"));
    store = EmbeddedStore.open(EmbeddedConfig.at(folder.resolve("store")));
    server =
        StandardApiServer.start(
            StandardConfig.builder(
                    folder.resolve("pki"), new InetSocketAddress("127.0.0.1", port), "127.0.0.1")
                .serviceCidr("10.96.0.0/16")
                .metricsApi(false)
                .build(),
            store);
    server.server().awaitReady();
    KubeConfig config =
        KubeConfig.certificate(
            URI.create("https://127.0.0.1:" + port),
            ca,
            admin.certificatePem().getBytes(StandardCharsets.UTF_8),
            admin.keyPem().getBytes(StandardCharsets.UTF_8));
    kubeconfig = folder.resolve("kubeconfig");
    config.write(kubeconfig, "test", "admin");
    client = ApiClient.https(config, "test");
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  ApiClient client() {
    return client;
  }

  @Override
  public void close() throws Exception {
    client.close();
    server.close();
    store.close();
  }
}
