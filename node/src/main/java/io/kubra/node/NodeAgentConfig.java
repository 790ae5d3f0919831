package io.kubra.node;

import io.kubra.client.ApiClient;
import io.kubra.metrics.MetricRegistry;
import io.kubra.model.core.v1.Taint;
import io.kubra.node.system.NodePaths;
import io.kubra.transport.tls.ServerTls;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that an agent must know.
 *
 * @param nodeName the name of the node's object
 * @param addresses the node's own addresses, the first one preferred
 * @param client the connection to the cluster, under the node's identity
 * @param criSocket the runtime's unix socket
 * @param paths where the agent keeps its files
 * @param cgroupRoot the group below which pods get theirs, such as {@code /kubepods}
 * @param clusterDns the addresses of the cluster's DNS
 * @param clusterDomain the cluster's domain
 * @param resolvConf the node's own resolver configuration
 * @param servingTls certificate of the node's API, and the CA of its callers; null for no API
 * @param apiAddress where the node's API listens
 * @param apiPort its port; 0 takes a free one
 * @param version what the node calls its version, such as v1.36.0+kubra
 * @param maxPods how many pods the node takes
 * @param labels further labels of the node
 * @param annotations annotations of the node
 * @param taints taints the node is created with
 * @param capacity amounts that replace or add to those found
 * @param reserved amounts kept from pods
 * @param parallelPulls how many images are pulled at once
 * @param podCidr told the node's pod range when it is known, to configure the network
 * @param metrics where the agent counts; its {@code /metrics} shows it
 */
public record NodeAgentConfig(
    String nodeName,
    List<String> addresses,
    ApiClient client,
    Path criSocket,
    NodePaths paths,
    String cgroupRoot,
    List<String> clusterDns,
    String clusterDomain,
    Path resolvConf,
    @Nullable ServerTls servingTls,
    InetAddress apiAddress,
    int apiPort,
    String version,
    int maxPods,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<Taint> taints,
    Map<String, String> capacity,
    Map<String, String> reserved,
    int parallelPulls,
    Consumer<String> podCidr,
    MetricRegistry metrics) {

  /** Starts from upstream's defaults. */
  public static Builder builder(String nodeName, ApiClient client) {
    return new Builder(nodeName, client);
  }

  /** Settings of an agent. */
  public static final class Builder {
    private final String nodeName;
    private final ApiClient client;
    private List<String> addresses = List.of();
    private Path criSocket = Path.of("/run/containerd/containerd.sock");
    private NodePaths paths = new NodePaths(Path.of("/var/lib/kubelet"), Path.of("/var/log/pods"));
    private String cgroupRoot = "/kubepods";
    private List<String> clusterDns = List.of();
    private String clusterDomain = "cluster.local";
    private Path resolvConf = Path.of("/etc/resolv.conf");
    private @Nullable ServerTls servingTls;
    private InetAddress apiAddress;
    private int apiPort = 10250;
    private String version = "v1.36.0+kubra";
    private int maxPods = 110;
    private Map<String, String> labels = Map.of();
    private Map<String, String> annotations = Map.of();
    private List<Taint> taints = List.of();
    private Map<String, String> capacity = Map.of();
    private Map<String, String> reserved = Map.of();
    private int parallelPulls = 3;
    private Consumer<String> podCidr = cidr -> {};
    private MetricRegistry metrics = new MetricRegistry();

    private Builder(String nodeName, ApiClient client) {
      this.nodeName = Objects.requireNonNull(nodeName);
      this.client = Objects.requireNonNull(client);
      try {
        this.apiAddress = InetAddress.getByAddress(new byte[4]);
      } catch (UnknownHostException e) {
        throw new AssertionError("four bytes are an address", e);
      }
    }

    /** The node's own addresses. */
    public Builder addresses(List<String> value) {
      addresses = List.copyOf(value);
      return this;
    }

    /** The runtime's unix socket. */
    public Builder criSocket(Path value) {
      criSocket = value;
      return this;
    }

    /** Where the agent keeps its files. */
    public Builder paths(Path root, Path logs) {
      paths = new NodePaths(root, logs);
      return this;
    }

    /** The group below which pods get theirs. */
    public Builder cgroupRoot(String value) {
      cgroupRoot = value;
      return this;
    }

    /** The addresses of the cluster's DNS, and the cluster's domain. */
    public Builder dns(List<String> servers, String domain) {
      clusterDns = List.copyOf(servers);
      clusterDomain = domain;
      return this;
    }

    /** The node's own resolver configuration. */
    public Builder resolvConf(Path value) {
      resolvConf = value;
      return this;
    }

    /** Serves the node's API with this certificate to callers this CA vouches for. */
    public Builder serving(ServerTls tls, InetAddress address, int port) {
      servingTls = tls;
      apiAddress = address;
      apiPort = port;
      return this;
    }

    /** What the node calls its version. */
    public Builder version(String value) {
      version = value;
      return this;
    }

    /** How many pods the node takes. */
    public Builder maxPods(int value) {
      maxPods = value;
      return this;
    }

    /** Further labels of the node. */
    public Builder labels(Map<String, String> value) {
      labels = Map.copyOf(value);
      return this;
    }

    /** Annotations of the node. */
    public Builder annotations(Map<String, String> value) {
      annotations = Map.copyOf(value);
      return this;
    }

    /** Taints the node is created with. */
    public Builder taints(List<Taint> value) {
      taints = List.copyOf(value);
      return this;
    }

    /** Amounts that replace or add to those found, by resource name. */
    public Builder capacity(Map<String, String> value) {
      capacity = Map.copyOf(value);
      return this;
    }

    /** Amounts kept from pods, by resource name. */
    public Builder reserved(Map<String, String> value) {
      reserved = Map.copyOf(value);
      return this;
    }

    /** How many images are pulled at once. */
    public Builder parallelPulls(int value) {
      parallelPulls = value;
      return this;
    }

    /** Told the node's pod range when it is known. */
    public Builder onPodCidr(Consumer<String> value) {
      podCidr = value;
      return this;
    }

    /** Where the agent counts; a registry of its own unless said. */
    public Builder metrics(MetricRegistry value) {
      metrics = value;
      return this;
    }

    /** The configuration. */
    public NodeAgentConfig build() {
      return new NodeAgentConfig(
          nodeName,
          addresses,
          client,
          criSocket,
          paths,
          cgroupRoot,
          clusterDns,
          clusterDomain,
          resolvConf,
          servingTls,
          apiAddress,
          apiPort,
          version,
          maxPods,
          labels,
          annotations,
          taints,
          capacity,
          reserved,
          parallelPulls,
          podCidr,
          metrics);
    }
  }
}
