package io.kubra.cli.agent;

import io.kubra.apiserver.health.VersionEndpoint;
import io.kubra.cli.CliException;
import io.kubra.cli.config.FeatureMetrics;
import io.kubra.cli.config.Part;
import io.kubra.cli.host.HostFiles;
import io.kubra.cli.host.NodeFeatures;
import io.kubra.cli.host.check.HostChecks;
import io.kubra.cli.process.Closing;
import io.kubra.cli.process.LogKeeper;
import io.kubra.client.ApiClient;
import io.kubra.client.KubeConfig;
import io.kubra.metrics.MetricRegistry;
import io.kubra.network.cni.BridgeConfig;
import io.kubra.node.NodeAgent;
import io.kubra.node.NodeAgentConfig;
import io.kubra.transport.tls.KeyMaterial;
import io.kubra.transport.tls.Pem;
import io.kubra.transport.tls.ServerTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** The node's process. Ending it leaves containers, rules and routes as they are. */
public final class AgentProcess {
  private static final int NODE_API_PORT = 10250;

  private final Path configFile;
  private final List<AutoCloseable> parts = new ArrayList<>();

  /** A process that {@link #run} sets going. */
  public AgentProcess(Path configFile) {
    this.configFile = configFile;
  }

  /** Runs until the process is asked to end. */
  public void run() {
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  close();
                  ended.countDown();
                },
                "shutdown"));
    try {
      start(AgentConfig.read(configFile));
      ended.await();
    } catch (IOException e) {
      throw new CliException("the agent cannot start: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void start(AgentConfig config) throws IOException, InterruptedException {
    HostChecks.require(HostFiles.local(), "a worker");
    LogKeeper.start().ifPresent(parts::add);
    MetricRegistry metrics = new MetricRegistry();
    FeatureMetrics.register(config.configuration().features(), metrics);
    KubeConfig node = KubeConfig.read(config.kubeconfig());
    ApiClient nodeClient = ApiClient.https(node, "kubelet").counted(metrics);
    ApiClient proxyClient =
        ApiClient.https(KubeConfig.read(config.proxyKubeconfig()), "kube-proxy").counted(metrics);
    certificateMetrics(metrics, node, config);
    parts.add(nodeClient);
    parts.add(proxyClient);
    parts.add(NodeAgent.start(nodeConfig(config, nodeClient, metrics)));
    parts.add(new NodeNetwork(config, proxyClient));
  }

  /** How long the agent's certificates are still good for. */
  private static void certificateMetrics(
      MetricRegistry metrics, KubeConfig client, AgentConfig config) throws IOException {
    byte[] certificate = client.clientCertificate();
    metrics.gauge(
        "kubelet_certificate_manager_client_ttl_seconds",
        "Gauge of the TTL (time-to-live) of the Kubelet's client certificate. The value is in"
            + " seconds until certificate expiry (negative if already expired). If client"
            + " certificate is invalid or unused, the value will be +INF.",
        secondsLeft(certificate));
    metrics.gauge(
        "kubelet_certificate_manager_server_ttl_seconds",
        "Gauge of the shortest TTL (time-to-live) of the Kubelet's serving certificate. The value"
            + " is in seconds until certificate expiry (negative if already expired). If serving"
            + " certificate is invalid or unused, the value will be +INF.",
        secondsLeft(Files.readAllBytes(config.servingCertificate())));
  }

  private static DoubleSupplier secondsLeft(byte @Nullable [] pem) {
    if (pem == null) {
      return () -> Double.POSITIVE_INFINITY;
    }
    long end = Pem.certificates(pem).getFirst().getNotAfter().getTime();
    return () -> (end - System.currentTimeMillis()) / 1000;
  }

  private static NodeAgentConfig nodeConfig(
      AgentConfig config, ApiClient client, MetricRegistry metrics) throws IOException {
    KeyMaterial key =
        KeyMaterial.fromPem(
            Files.readAllBytes(config.servingCertificate()),
            Files.readAllBytes(config.servingKey()));
    ServerTls tls = ServerTls.of(key, Pem.certificates(Files.readAllBytes(config.clientCa())));
    return NodeAgentConfig.builder(config.nodeName(), client)
        .labels(config.enabled(Part.FEATURES) ? NodeFeatures.labels(HostFiles.local()) : Map.of())
        .addresses(List.of(config.nodeAddress()))
        .criSocket(config.runtimeSocket())
        .paths(config.rootFolder(), Path.of("/var/log/pods"))
        .cgroupRoot(config.cgroupRoot() + "/kubepods")
        .dns(List.of(config.clusterDns()), config.clusterDomain())
        .resolvConf(config.resolvConf())
        .serving(tls, InetAddress.ofLiteral(config.nodeAddress()), NODE_API_PORT)
        .metrics(metrics)
        .version(VersionEndpoint.GIT_VERSION)
        .onPodCidr(range -> writeNetwork(config.cniFolder(), range))
        .build();
  }

  private static void writeNetwork(Path folder, String range) {
    try {
      BridgeConfig.write(folder, range);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void close() {
    Closing.lastFirst(parts);
  }
}
