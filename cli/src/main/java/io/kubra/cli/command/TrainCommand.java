package io.kubra.cli.command;

import io.kubra.api.json.Json;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.Credentials;
import io.kubra.cli.CliException;
import io.kubra.cli.config.ClusterConfiguration;
import io.kubra.cli.server.ServerOptions;
import io.kubra.cli.server.ServerProcess;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.KubeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Starts a control plane in a temporary folder, uses it a little and ends. Run while the JVM
 * records its start-up cache, so that classes and profiles of a real start are in it.
 */
@Command(name = "train", hidden = true, description = "Exercise the start-up for the AOT cache.")
public final class TrainCommand implements Runnable {
  private static final List<String> PATHS =
      List.of(
          "/readyz",
          "/version",
          "/api",
          "/apis",
          "/api/v1",
          "/apis/apps/v1",
          "/api/v1/namespaces",
          "/api/v1/namespaces/default/pods",
          "/api/v1/nodes",
          "/apis/apps/v1/namespaces/default/deployments",
          "/api/v1/services");

  @Override
  public void run() {
    try {
      NodeClasses.load();
      Path folder = Files.createTempDirectory("kubra-train");
      try {
        train(folder);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new CliException("training failed: " + e.getMessage());
    }
  }

  private static void train(Path folder) throws IOException {
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
    ServerProcess server =
        new ServerProcess(
            new ServerOptions(
                folder,
                "127.0.0.1",
                port,
                "127.0.0.1",
                "10.96.0.0/16",
                "10.244.0.0/16",
                "cluster.local",
                "",
                "unused",
                List.of(),
                null,
                ClusterConfiguration.DEFAULT));
    server.start();
    KubeConfig config =
        KubeConfig.certificate(
            URI.create("https://127.0.0.1:" + port),
            ca,
            admin.certificatePem().getBytes(StandardCharsets.UTF_8),
            admin.keyPem().getBytes(StandardCharsets.UTF_8));
    try (ApiClient client = ApiClient.https(config, "kubra-train")) {
      for (int attempt = 0; attempt < 200 && !works(client, "/readyz"); attempt++) {
        LockSupport.parkNanos(50_000_000);
      }
      PATHS.forEach(path -> works(client, path));
      write(client);
    }
    server.close();
  }

  private static void write(ApiClient client) {
    Map<String, Object> map =
        Map.of(
            "kind",
            "ConfigMap",
            "apiVersion",
            "v1",
            "metadata",
            Map.of("name", "trained"),
            "data",
            Map.of("a", "b"));
    Map<String, Object> labels = Map.of("app", "trained");
    Map<String, Object> deployment =
        Map.of(
            "kind",
            "Deployment",
            "apiVersion",
            "apps/v1",
            "metadata",
            Map.of("name", "trained"),
            "spec",
            Map.of(
                "selector", Map.of("matchLabels", labels),
                "template",
                    Map.of(
                        "metadata", Map.of("labels", labels),
                        "spec",
                            Map.of(
                                "containers",
                                List.of(Map.of("name", "c", "image", "example/c:1"))))));
    post(client, "/api/v1/namespaces/default/configmaps", map);
    post(client, "/apis/apps/v1/namespaces/default/deployments", deployment);
    for (int i = 0; i < 40; i++) {
      works(client, "/api/v1/namespaces/default/pods");
      LockSupport.parkNanos(25_000_000);
    }
  }

  private static void post(ApiClient client, String path, Map<String, Object> body) {
    try {
      client.call(ApiRequest.of("POST", path, "application/json", Json.write(body)));
    } catch (RuntimeException e) {
      // What counts is that the code ran.
      return;
    }
  }

  private static boolean works(ApiClient client, String path) {
    try {
      client.call(ApiRequest.get(path));
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.deleteIfExists(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
