package io.kubra.node;

import io.kubra.client.ListOptions;
import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.SharedInformer;
import io.kubra.metrics.MetricRegistry;
import io.kubra.metrics.ProcessMetrics;
import io.kubra.model.core.v1.Node;
import io.kubra.node.api.NodeApi;
import io.kubra.node.cgroup.CgroupHierarchies;
import io.kubra.node.cgroup.PodCgroups;
import io.kubra.node.container.Environment;
import io.kubra.node.container.PodDns;
import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.CriException;
import io.kubra.node.localvolume.LocalVolumeAgent;
import io.kubra.node.logs.LogRotation;
import io.kubra.node.pod.PodEngine;
import io.kubra.node.registration.NodeCapacity;
import io.kubra.node.registration.NodeHeartbeat;
import io.kubra.node.registration.NodeReporter;
import io.kubra.node.registration.NodeSettings;
import io.kubra.node.runtime.RuntimeHealth;
import io.kubra.node.stats.KubeletMetrics;
import io.kubra.node.stats.NodeStats;
import io.kubra.node.stats.VolumeMetrics;
import io.kubra.node.volume.LocalFolders;
import io.kubra.transport.tls.ServerTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of a cluster. {@link #start} registers it and runs its pods; {@link #close} stops doing so
 * and leaves the containers as they are, for the next agent to take over.
 */
public final class NodeAgent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);
  private static final long LARGEST_LOG = 10L << 20;
  private static final int LOG_FILES = 5;

  private final CriClient cri;
  private final PodEngine pods;
  private final NodeReporter reporter;
  private final NodeHeartbeat heartbeat;
  private final LocalVolumeAgent localVolumes;
  private final SharedInformer<Node> self;
  private final LogRotation rotation;
  private final @Nullable NodeApi api;

  private NodeAgent(NodeAgentConfig config) throws IOException {
    InstantSource clock = InstantSource.system();
    MetricRegistry metrics = config.metrics();
    CgroupHierarchies hierarchies = CgroupHierarchies.detect();
    Files.createDirectories(config.paths().pods());
    Files.createDirectories(config.paths().logs());
    this.cri = CriClient.connect(config.criSocket(), metrics);
    RuntimeHealth health = new RuntimeHealth(cri, clock);
    NodeCapacity capacity =
        NodeCapacity.measure(
            config.paths().root(), config.maxPods(), config.capacity(), config.reserved());
    this.self =
        new SharedInformer<>(
            config.client().resource(Node.RESOURCE),
            "",
            ListOptions.ALL.withFields("metadata.name=" + config.nodeName()));
    this.reporter =
        new NodeReporter(
            config.client(),
            new NodeSettings(
                config.nodeName(),
                config.addresses(),
                config.version(),
                config.servingTls() == null ? 0 : config.apiPort(),
                config.labels(),
                config.annotations(),
                config.taints()),
            capacity,
            cri,
            health,
            config.paths().root(),
            clock);
    self.addHandler(new PodCidr(config, cri, reporter));
    this.localVolumes =
        new LocalVolumeAgent(
            config.client(),
            self,
            config.nodeName(),
            new LocalFolders(config.paths().localVolumes()));
    self.start();
    this.heartbeat = new NodeHeartbeat(config.client(), config.nodeName(), clock);
    this.pods =
        new PodEngine(
            new PodEngine.Settings(
                config.client(),
                cri,
                config.paths(),
                hierarchies,
                config.cgroupRoot(),
                new PodDns(config.clusterDns(), config.clusterDomain(), config.resolvConf()),
                new Facts(config, capacity),
                "kube-probe/1.36",
                config.parallelPulls(),
                clock,
                metrics),
            health);
    NodeStats stats =
        new NodeStats(
            cri,
            hierarchies,
            new PodCgroups(hierarchies, config.cgroupRoot()),
            config.nodeName(),
            config.paths().root(),
            pods::claimVolumes);
    metrics.add(new KubeletMetrics(config.nodeName(), config.version(), stats));
    metrics.add(new VolumeMetrics(pods::claimVolumes));
    metrics.add(new ProcessMetrics());
    this.rotation = new LogRotation(cri, LARGEST_LOG, LOG_FILES, clock);
    ServerTls tls = config.servingTls();
    this.api =
        tls == null
            ? null
            : new NodeApi(
                new InetSocketAddress(config.apiAddress(), config.apiPort()),
                tls,
                config.client(),
                config.nodeName(),
                pods,
                cri,
                stats,
                metrics,
                clock);
  }

  /**
   * Starts a node.
   *
   * @throws IOException if its folders or control groups cannot be used
   */
  public static NodeAgent start(NodeAgentConfig config) throws IOException {
    return new NodeAgent(config);
  }

  /** The pods of the node. */
  public PodEngine pods() {
    return pods;
  }

  /** The port of the node's API, 0 without one. */
  public int apiPort() {
    return api == null ? 0 : api.port();
  }

  @Override
  public void close() {
    if (api != null) {
      api.close();
    }
    rotation.close();
    heartbeat.close();
    localVolumes.close();
    reporter.close();
    self.close();
    pods.close();
    cri.close();
  }

  private record Facts(NodeAgentConfig config, NodeCapacity capacity)
      implements Environment.NodeFacts {
    @Override
    public String nodeName() {
      return config.nodeName();
    }

    @Override
    public List<String> hostIps() {
      return config.addresses();
    }

    @Override
    public Map<String, String> allocatable() {
      return capacity.allocatable();
    }
  }

  /** Hands the node's pod range on when it appears or changes. */
  private static final class PodCidr implements EventHandler<Node> {
    private final NodeAgentConfig config;
    private final CriClient cri;
    private final NodeReporter reporter;
    private String known = "";

    PodCidr(NodeAgentConfig config, CriClient cri, NodeReporter reporter) {
      this.config = config;
      this.cri = cri;
      this.reporter = reporter;
    }

    @Override
    public void onAdd(Node node) {
      look(node);
    }

    @Override
    public void onUpdate(Node old, Node node) {
      look(node);
    }

    @Override
    public void onDelete(Node node) {
      reporter.nudge();
    }

    private void look(Node node) {
      String cidr = node.spec().podCIDR();
      if (cidr == null || cidr.isEmpty() || cidr.equals(known)) {
        return;
      }
      known = cidr;
      LOG.info("pods of this node get addresses of {}", cidr);
      config.podCidr().accept(cidr);
      try {
        cri.updatePodCidr(String.join(",", node.spec().podCIDRs()));
      } catch (CriException e) {
        LOG.debug("the runtime was not told the pod range: {}", e.getMessage());
      }
      reporter.nudge();
    }
  }
}
