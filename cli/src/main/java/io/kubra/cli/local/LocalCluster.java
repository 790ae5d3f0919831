package io.kubra.cli.local;

import io.kubra.cli.CliException;
import io.kubra.cli.config.ClusterConfiguration;
import io.kubra.cli.config.Part;
import io.kubra.cli.process.Daemon;
import io.kubra.cli.server.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A cluster on this machine: what it is called, which of the host's networks it has, and where its
 * things lie. Two clusters differ in their index, and with it in every address and port.
 *
 * @param name the name given with {@code --name}
 * @param index tells clusters of this host apart, from 0
 * @param configuration what it is configured to be
 */
public record LocalCluster(String name, int index, ClusterConfiguration configuration) {
  /** How many clusters one host can hold. */
  static final int MOST = 10;

  private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,18}[a-z0-9])?");
  private static final Path STATE = Path.of("/var/lib/kubra");
  private static final Path RUN = Path.of("/run/kubra");

  public LocalCluster {
    if (!NAME.matcher(name).matches()) {
      throw new CliException(
          "\""
              + name
              + "\" cannot name a cluster: use up to 20 lower-case letters, digits and '-'");
    }
  }

  /** A cluster that differs from the default in nothing but the number of workers. */
  LocalCluster(String name, int index, int workers) {
    this(name, index, ClusterConfiguration.DEFAULT.withWorkers(workers));
  }

  /** How many worker machines it has. */
  public int workers() {
    return configuration.workers();
  }

  /** Whether it has the part. */
  public boolean enabled(Part part) {
    return configuration.enabled(part);
  }

  /** Where its configuration is kept, for later starts and for the server. */
  Path configurationFile() {
    return state().resolve("configuration.json");
  }

  /** Where the run time files of all clusters lie. */
  static Path runRoot() {
    return RUN;
  }

  /** The folder under which all clusters keep their state. */
  static Path stateRoot() {
    return STATE;
  }

  /** Where the cluster keeps what must survive a restart of the host. */
  public Path state() {
    return STATE.resolve(name);
  }

  /** Where the cluster keeps sockets, pids and namespaces. */
  public Path run() {
    return RUN.resolve(name);
  }

  /** The data folder of the server. */
  public Path serverData() {
    return state().resolve("server");
  }

  /** The administrator's kubeconfig. */
  public Path kubeconfig() {
    return state().resolve("kubeconfig");
  }

  /** The bridge that joins the cluster's machines with the host. */
  String bridge() {
    return "kubra" + index;
  }

  /** The network of the machines, a /24. */
  String machineNetwork() {
    return "10.89." + index + ".0/24";
  }

  /** The host's address on the bridge, where workers reach the API server. */
  public String hostAddress() {
    return "10.89." + index + ".1";
  }

  /** The network of all pods. */
  public String podNetwork() {
    return "10." + (244 - index) + ".0.0/16";
  }

  /** The network of cluster IPs, a /16. */
  public String serviceNetwork() {
    return "10." + (96 + index) + ".0.0/16";
  }

  /** The cluster IP of DNS. */
  public String dnsAddress() {
    return "10." + (96 + index) + ".0.10";
  }

  /** The API server's port on this host. */
  public int apiPort() {
    return 6443 + index;
  }

  /** The port of the cluster's own etcd on loopback; that of its peers is the next one. */
  int etcdPort() {
    return 23790 + 2 * index;
  }

  /** The port of the status pages on this host. */
  public int consolePort() {
    return apiPort() + ServerProcess.CONSOLE_PORTS;
  }

  /** The name of the control plane's node. */
  public String controlPlaneNode() {
    return name + "-control-plane";
  }

  /** The worker machines. */
  public List<Machine> machines() {
    return IntStream.rangeClosed(1, workers()).mapToObj(i -> new Machine(this, i)).toList();
  }

  /** The nftables table of Service rules on the host. */
  String proxyTable() {
    return "kubra_" + name.replace('-', '_');
  }

  /** The cgroup under which all processes of the cluster run. */
  String cgroup() {
    return "kubra/" + name;
  }

  /** The pid and log of the server process. */
  public Daemon server() {
    return new Daemon("server", run().resolve("server.pid"), state().resolve("log/server.log"));
  }
}
