package io.kubra.cli.server;

import io.kubra.cli.config.ClusterConfiguration;
import io.kubra.cli.config.Part;
import io.kubra.store.etcd.EtcdConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a server process is set up.
 *
 * @param dataDir where objects and keys are kept
 * @param nodeName the control plane's node, or empty for none
 * @param proxyTable the nftables table for Service rules on the control plane's host
 * @param addresses further addresses for the server's certificate
 * @param etcd the etcd that keeps the objects; null for the embedded store
 * @param configuration what the cluster is configured to be
 */
public record ServerOptions(
    Path dataDir,
    String bindAddress,
    int port,
    String advertiseAddress,
    String serviceCidr,
    String clusterCidr,
    String clusterDomain,
    String nodeName,
    String proxyTable,
    List<String> addresses,
    @Nullable EtcdConfig etcd,
    ClusterConfiguration configuration) {
  /** The folder whose manifests are kept applied. */
  public Path manifests() {
    Path given = configuration.manifests();
    return given == null ? dataDir.toAbsolutePath().resolve("manifests") : given;
  }

  /** The API server's address for programs on this machine. */
  public URI localUrl() {
    boolean everywhere = bindAddress.equals("0.0.0.0") || bindAddress.equals("::");
    String host = everywhere ? "127.0.0.1" : bindAddress;
    return URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }

  /** Whether the cluster has the part. */
  public boolean enabled(Part part) {
    return configuration.enabled(part);
  }
}
