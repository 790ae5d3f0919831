package io.kubra.cli.addons;

import io.kubra.addons.helm.controller.HelmCommandLine;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.Credentials;
import io.kubra.cli.Main;
import io.kubra.cli.config.ClusterConfiguration;
import io.kubra.cli.config.Parts;
import io.kubra.cli.server.ServerOptions;
import io.kubra.cli.server.ServerProcess;
import io.kubra.client.ApiClient;
import io.kubra.client.KubeConfig;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A control plane without nodes, whose processes of Helm run from the test's class path. */
final class TestingServer implements AutoCloseable {
  private final ServerProcess process;
  private final Path kubeconfig;
  private final ApiClient client;

  TestingServer(Path folder, Parts parts) throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    ServerOptions options =
        new ServerOptions(
            folder,
            "127.0.0.1",
            port,
            "127.0.0.1",
            "10.96.0.0/16",
            "10.244.0.0/16",
            "cluster.local",
            "",
            "kubra_test",
            List.of(),
            null,
            ClusterConfiguration.DEFAULT.withParts(parts));
    kubeconfig = folder.resolve("kubeconfig");
    process = new ServerProcess(options, helm());
    process.start();
    try (ClusterPki pki = ClusterPki.open(folder.resolve("pki"))) {
      Credentials admin = pki.certificate("admin", ClusterIdentities.admin()).get();
      KubeConfig config =
          KubeConfig.certificate(
              options.localUrl(),
              Files.readAllBytes(pki.authorityFile()),
              admin.certificatePem().getBytes(StandardCharsets.UTF_8),
              admin.keyPem().getBytes(StandardCharsets.UTF_8));
      config.write(kubeconfig, "test", "admin");
      client = ApiClient.https(config, "test");
    }
  }

  /** {@code kubra helm} of this build; the library is unpacked once for all tests. */
  static HelmCommandLine helm() {
    return (temporary, arguments) -> {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "--enable-native-access=ALL-UNNAMED",
              "-Djava.io.tmpdir=" + temporary,
              "-Dkubra.home=" + Path.of("target").toAbsolutePath(),
              "-cp",
              System.getProperty("java.class.path"),
              Main.class.getName(),
              "helm"));
      command.addAll(arguments);
      return command;
    };
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  ApiClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    process.close();
  }
}
