package io.kubra.cli.command;

import io.kubra.cli.CliException;
import io.kubra.cli.config.ClusterConfiguration;
import io.kubra.cli.config.StateStore;
import io.kubra.cli.server.ServerArguments;
import io.kubra.cli.server.ServerOptions;
import io.kubra.cli.server.ServerProcess;
import io.kubra.store.etcd.EtcdConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the control plane in the foreground. */
@Command(
    name = "server",
    description = "Run API server, controllers and scheduler in the foreground.",
    mixinStandardHelpOptions = true)
public final class ServerCommand implements Runnable {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      required = true,
      description = "Where objects and keys are kept.")
  private Path dataDir = Path.of("");

  @Option(
      names = "--bind-address",
      paramLabel = "ADDRESS",
      defaultValue = "0.0.0.0",
      description = "Where to listen (default: ${DEFAULT-VALUE}).")
  private String bindAddress = "";

  @Option(
      names = "--secure-port",
      paramLabel = "PORT",
      defaultValue = "6443",
      description = "The port of the API (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--advertise-address",
      paramLabel = "ADDRESS",
      required = true,
      description = "The address under which nodes and pods reach this server.")
  private String advertiseAddress = "";

  @Option(
      names = "--service-cidr",
      paramLabel = "CIDR",
      defaultValue = "10.96.0.0/16",
      description = "The network of cluster IPs (default: ${DEFAULT-VALUE}).")
  private String serviceCidr = "";

  @Option(
      names = "--cluster-cidr",
      paramLabel = "CIDR",
      defaultValue = "10.244.0.0/16",
      description = "The network of pods (default: ${DEFAULT-VALUE}).")
  private String clusterCidr = "";

  @Option(
      names = "--cluster-domain",
      paramLabel = "DOMAIN",
      defaultValue = "cluster.local",
      description = "The DNS domain (default: ${DEFAULT-VALUE}).")
  private String clusterDomain = "";

  @Option(
      names = "--node-name",
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "Register a node of this name for the control plane, and program Service rules on this host.")
  private String nodeName = "";

  @Option(
      names = "--proxy-table",
      paramLabel = "TABLE",
      defaultValue = "kubra_proxy",
      description = "The nftables table for Service rules (default: ${DEFAULT-VALUE}).")
  private String proxyTable = "";

  @Option(
      names = "--tls-san",
      paramLabel = "ADDRESS",
      description = "Further addresses for the server's certificate.")
  private List<String> addresses = List.of();

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description = "Where objects are kept: embedded, or etcd, which --etcd-servers names.")
  private @Nullable StateStore store;

  @Option(
      names = "--etcd-servers",
      paramLabel = "URL",
      defaultValue = "",
      description = "The members of the etcd that keeps the objects, comma separated.")
  private String etcdServers = "";

  @Option(
      names = "--etcd-cafile",
      paramLabel = "FILE",
      defaultValue = "",
      description = "The authority of etcd's certificates.")
  private String etcdCaFile = "";

  @Option(
      names = "--etcd-certfile",
      paramLabel = "FILE",
      defaultValue = "",
      description = "The certificate shown to etcd.")
  private String etcdCertFile = "";

  @Option(
      names = "--etcd-keyfile",
      paramLabel = "FILE",
      defaultValue = "",
      description = "The key of that certificate, PKCS#8.")
  private String etcdKeyFile = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The cluster's configuration, kubra.yaml.")
  private @Nullable Path configuration;

  @Option(
      names = "--manifests",
      paramLabel = "DIR",
      description =
          "A folder whose manifests are kept applied (default: manifests in the data folder).")
  private @Nullable Path manifests;

  @Override
  public void run() {
    EtcdConfig etcd = ServerArguments.etcd(etcdServers, etcdCaFile, etcdCertFile, etcdKeyFile);
    if (store == StateStore.ETCD && etcd == null) {
      throw new CliException("--store etcd needs --etcd-servers");
    }
    if (store == StateStore.EMBEDDED && etcd != null) {
      throw new CliException("--etcd-servers needs --store etcd");
    }
    new ServerProcess(
            new ServerOptions(
                dataDir,
                bindAddress,
                port,
                advertiseAddress,
                serviceCidr,
                clusterCidr,
                clusterDomain,
                nodeName,
                proxyTable,
                addresses,
                etcd,
                configured()))
        .run();
  }

  private ClusterConfiguration configured() {
    ClusterConfiguration result =
        configuration == null
            ? ClusterConfiguration.DEFAULT
            : ClusterConfiguration.read(configuration);
    return manifests == null
        ? result
        : result.withManifests(manifests.toAbsolutePath().normalize());
  }
}
