package io.kubra.cli.server;

import io.kubra.addons.helm.controller.HelmCharts;
import io.kubra.addons.helm.controller.HelmChartsConfig;
import io.kubra.addons.helm.controller.HelmCommandLine;
import io.kubra.addons.manifests.ManifestFolder;
import io.kubra.addons.manifests.ManifestsConfig;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.encryption.EncryptionFile;
import io.kubra.apiserver.health.VersionEndpoint;
import io.kubra.apiserver.standard.ServerFlags;
import io.kubra.apiserver.standard.StandardApiServer;
import io.kubra.apiserver.standard.StandardConfig;
import io.kubra.cli.CliException;
import io.kubra.cli.config.FeatureMetrics;
import io.kubra.cli.config.Part;
import io.kubra.cli.config.PrivilegedRuntime;
import io.kubra.cli.host.HostFiles;
import io.kubra.cli.host.NodeFeatures;
import io.kubra.cli.host.check.HostChecks;
import io.kubra.cli.process.Closing;
import io.kubra.cli.process.Jvm;
import io.kubra.cli.process.LogKeeper;
import io.kubra.client.ApiClient;
import io.kubra.client.informer.InformerFactory;
import io.kubra.client.leader.Election;
import io.kubra.console.Console;
import io.kubra.console.ConsoleConfig;
import io.kubra.controllers.ControllerConfig;
import io.kubra.controllers.Controllers;
import io.kubra.metrics.MetricRegistry;
import io.kubra.model.core.v1.Node;
import io.kubra.network.proxy.ProxyConfig;
import io.kubra.network.proxy.ServiceProxy;
import io.kubra.network.route.NodeRoutes;
import io.kubra.scheduler.Scheduler;
import io.kubra.storage.local.LocalStorage;
import io.kubra.store.Store;
import io.kubra.store.StoreException;
import io.kubra.store.embedded.EmbeddedConfig;
import io.kubra.store.embedded.EmbeddedStore;
import io.kubra.store.etcd.EtcdConfig;
import io.kubra.store.etcd.EtcdStore;
import io.kubra.transport.http.TransportException;
import io.kubra.transport.local.LocalTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane: store, API server, controllers, scheduler. Controllers and scheduler reach the
 * API server inside the process, each under its own name.
 */
public final class ServerProcess {
  private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);

  /** How far the port of the status pages is from the API server's. */
  public static final int CONSOLE_PORTS = 1000;

  private static final String ENCRYPTION = "encryption-provider-config";
  private static final int NODE_MASK = 24;
  private static final String CONTROLLERS = "kube-controller-manager";
  private static final String SCHEDULER = "kube-scheduler";

  private final ServerOptions options;
  private final HelmCommandLine helm;
  private final MetricRegistry metrics = new MetricRegistry();
  private final List<AutoCloseable> parts = new ArrayList<>();

  /** A process that {@link #run} sets going. */
  public ServerProcess(ServerOptions options) {
    this(options, Jvm::helm);
  }

  /**
   * A process that {@link #run} sets going.
   *
   * @param helm how it starts processes of Helm
   */
  public ServerProcess(ServerOptions options, HelmCommandLine helm) {
    this.options = options;
    this.helm = helm;
  }

  /** Runs until the process is asked to end. */
  public void run() {
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              close();
              ended.countDown();
            },
            "shutdown");
    start();
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      ended.await();
    } catch (InterruptedException e) {
      close();
    }
  }

  /** Starts everything and returns. */
  public void start() {
    long from = System.nanoTime();
    HostChecks.require(HostFiles.local(), "a control plane");
    ServerIdentity identity = ServerIdentity.claim(options.dataDir(), machineName());
    parts.add(identity);
    LogKeeper.start().ifPresent(parts::add);
    FeatureMetrics.register(options.configuration().features(), metrics);
    StandardApiServer server = startApiServer();
    parts.add(server);
    awaitReady(server);
    LocalTransport local = new LocalTransport(server.handler());
    elect(server, local, identity);
    if (options.enabled(Part.CONSOLE)) {
      startConsole(server, local);
    }
    if (!options.nodeName().isEmpty()) {
      startNode(local);
    }
    if (options.enabled(Part.PROMETHEUS)) {
      parts.add(
          new PrometheusToken(
              client(local, UserInfo.apiServer()),
              options.dataDir().resolveSibling("programs").resolve("prometheus/token")));
    }
    LOG.info("control plane started in {} ms", (System.nanoTime() - from) / 1_000_000);
  }

  /** Controllers and scheduler run in one of the servers that share a store. */
  private void elect(StandardApiServer server, LocalTransport local, ServerIdentity identity) {
    ControllerConfig config =
        new ControllerConfig(options.clusterCidr(), NODE_MASK, authority(server));
    parts.add(
        ElectedWork.elect(
            client(local, component("system:" + CONTROLLERS)),
            Election.ofSystem(CONTROLLERS, identity.toString(), CONTROLLERS),
            metrics,
            running -> {
              running.accept(
                  Controllers.start(
                      user -> ApiClient.local(local, UserInfo.class, component(user), CONTROLLERS),
                      config,
                      metrics));
              if (options.enabled(Part.STORAGE)) {
                ApiClient storage = client(local, component(LocalStorage.USER));
                running.accept(storage);
                running.accept(LocalStorage.start(storage, metrics));
              }
              startAddons(server, local, running);
            }));
    parts.add(
        ElectedWork.elect(
            client(local, component("system:" + SCHEDULER)),
            Election.ofSystem(SCHEDULER, identity.toString(), Scheduler.NAME),
            metrics,
            running -> {
              ApiClient scheduler = client(local, component("system:" + SCHEDULER));
              running.accept(scheduler);
              running.accept(Scheduler.start(scheduler, metrics));
            }));
  }

  private void startAddons(
      StandardApiServer server, LocalTransport local, Consumer<AutoCloseable> running) {
    if (options.enabled(Part.HELM)) {
      ApiClient charts = client(local, component(HelmCharts.USER));
      running.accept(charts);
      running.accept(
          HelmCharts.start(
              charts,
              new HelmChartsConfig(
                  options.localUrl(),
                  authority(server).getBytes(StandardCharsets.UTF_8),
                  options.dataDir().resolve("helm"),
                  helm),
              metrics));
    }
    if (options.enabled(Part.MANIFESTS)) {
      ApiClient manifests = client(local, component(ManifestFolder.USER));
      running.accept(manifests);
      running.accept(
          ManifestFolder.start(manifests, new ManifestsConfig(options.manifests(), machineName())));
    }
  }

  private String machineName() {
    if (!options.nodeName().isEmpty()) {
      return options.nodeName();
    }
    try {
      // Not readString: files below /proc/sys answer only the first of several reads.
      return Files.readAllLines(Path.of("/proc/sys/kernel/hostname")).getFirst();
    } catch (IOException e) {
      return "localhost";
    }
  }

  /** The pages lie beside the API, on the port a thousand above its own, with its certificate. */
  private void startConsole(StandardApiServer server, LocalTransport local) {
    InetSocketAddress address =
        new InetSocketAddress(options.bindAddress(), options.port() + CONSOLE_PORTS);
    String cluster =
        options.nodeName().isEmpty()
            ? "Kubernetes"
            : options.nodeName().replaceFirst("-control-plane$", "");
    try {
      parts.add(Console.start(new ConsoleConfig(address, cluster), server.tls(), local));
    } catch (TransportException e) {
      LOG.error("no status pages: {}", e.getMessage());
    }
  }

  /** Controllers may do nothing before the bootstrap roles exist. */
  private static void awaitReady(StandardApiServer server) {
    try {
      server.server().awaitReady();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted while the API server started");
    }
  }

  private StandardApiServer startApiServer() {
    Path data = options.dataDir();
    try {
      Store store = openStore();
      parts.add(store);
      return StandardApiServer.start(
          StandardConfig.builder(
                  data.resolve("pki"),
                  new InetSocketAddress(options.bindAddress(), options.port()),
                  options.advertiseAddress())
              .serviceCidr(options.serviceCidr())
              .clusterDomain(options.clusterDomain())
              .serverAddresses(options.addresses())
              .unrestrictedPrivileged(
                  options.configuration().privilegedRuntime() == PrivilegedRuntime.UNRESTRICTED)
              .metricsApi(options.enabled(Part.METRICS))
              .flags(flags(data, store))
              .features(options.configuration().features())
              .metrics(metrics)
              .build(),
          store);
    } catch (IllegalArgumentException e) {
      throw new CliException("the API server cannot be configured: " + e.getMessage());
    } catch (IOException | StoreException e) {
      throw new CliException(
          "the store %s cannot be opened: %s"
              .formatted(
                  options.etcd() == null ? "in " + data : "at " + options.etcd().endpoints(),
                  e.getMessage()));
    }
  }

  /**
   * The flags that are set, and what is on without them: Secrets are encrypted with a key beside
   * the cluster's other keys.
   */
  private ServerFlags flags(Path data, Store store) throws IOException {
    ServerFlags flags = AuditLog.with(ServerFlags.of(options.configuration().apiServer()), options);
    if (flags.values().containsKey(ENCRYPTION)) {
      return flags;
    }
    Path file = Files.createDirectories(data.resolve("pki")).resolve("encryption.yaml");
    EncryptionFile.createIfMissing(file, store);
    return flags.orElse(ENCRYPTION, file.toString());
  }

  private Store openStore() throws IOException {
    EtcdConfig etcd = options.etcd();
    if (etcd != null) {
      return EtcdStore.open(etcd);
    }
    Path folder = options.dataDir().resolve("store");
    Files.createDirectories(folder);
    return EmbeddedStore.open(EmbeddedConfig.at(folder));
  }

  /** What the server would find if the component came with its certificate or token. */
  private static UserInfo component(String user) {
    String account = "system:serviceaccount:";
    if (!user.startsWith(account)) {
      return UserInfo.of(user, "system:authenticated");
    }
    String namespace = user.substring(account.length(), user.lastIndexOf(':'));
    return UserInfo.of(
        user,
        "system:serviceaccounts",
        "system:serviceaccounts:" + namespace,
        "system:authenticated");
  }

  private ApiClient client(LocalTransport local, UserInfo user) {
    String agent = user.name().substring(user.name().lastIndexOf(':') + 1);
    return ApiClient.local(local, UserInfo.class, user, agent).counted(metrics);
  }

  private static String authority(StandardApiServer server) {
    try {
      return Files.readString(server.pki().authorityFile());
    } catch (IOException e) {
      throw new CliException("the cluster's CA certificate cannot be read: " + e.getMessage());
    }
  }

  /** The control plane's host is a node: it takes no pods, but Services answer there. */
  private void startNode(LocalTransport local) {
    String name = options.nodeName();
    parts.add(
        new ControlPlaneNode(
            // No node may give itself the control plane's label; the server may.
            client(local, UserInfo.apiServer()),
            name,
            options.advertiseAddress(),
            VersionEndpoint.GIT_VERSION,
            () ->
                options.enabled(Part.FEATURES)
                    ? NodeFeatures.labels(HostFiles.local())
                    : Map.of()));
    InformerFactory informers =
        new InformerFactory(
            client(local, UserInfo.of("system:kube-proxy", "system:authenticated")));
    parts.add(informers);
    parts.add(
        ServiceProxy.start(
            new ProxyConfig(options.proxyTable(), name, options.clusterCidr(), List.of()),
            informers));
    parts.add(new NodeRoutes(name, options.clusterCidr(), informers.informer(Node.RESOURCE)));
    informers.start();
  }

  /** Ends everything, the last part started first. */
  public void close() {
    Closing.lastFirst(parts);
  }
}
