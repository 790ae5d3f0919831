package io.kubra.cli.agent;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.tree.Trees;
import io.kubra.cli.CliException;
import io.kubra.cli.config.ClusterConfiguration;
import io.kubra.cli.config.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How an agent process is set up.
 *
 * @param kubeconfig identifies the node
 * @param proxyKubeconfig identifies the service proxy and DNS
 * @param cgroupRoot the cgroup below which pods are put, from the root of the hierarchies
 * @param resolvConf the resolvers of the node
 * @param clientCa the authority of those who may use the node's API
 * @param configuration what the cluster is configured to be; a file of its own
 */
record AgentConfig(
    String nodeName,
    String nodeAddress,
    Path kubeconfig,
    Path proxyKubeconfig,
    Path runtimeSocket,
    Path rootFolder,
    String cgroupRoot,
    String clusterDns,
    String clusterDomain,
    String podNetwork,
    Path cniFolder,
    Path resolvConf,
    Path servingCertificate,
    Path servingKey,
    Path clientCa,
    ClusterConfiguration configuration) {

  /** Whether the cluster has the part. */
  boolean enabled(Part part) {
    return configuration.enabled(part);
  }

  /** Reads a JSON file; unknown and missing fields are refused. */
  static AgentConfig read(Path file) {
    try {
      Reader reader = new Reader(file, Json.parseObject(Files.readAllBytes(file)));
      AgentConfig config =
          new AgentConfig(
              reader.text("nodeName"),
              reader.text("nodeAddress"),
              reader.path("kubeconfig"),
              reader.path("proxyKubeconfig"),
              reader.path("runtimeSocket"),
              reader.path("rootFolder"),
              reader.text("cgroupRoot"),
              reader.text("clusterDns"),
              reader.text("clusterDomain"),
              reader.text("podNetwork"),
              reader.path("cniFolder"),
              reader.path("resolvConf"),
              reader.path("servingCertificate"),
              reader.path("servingKey"),
              reader.path("clientCa"),
              ClusterConfiguration.read(reader.path("configuration")));
      reader.refuseOthers();
      return config;
    } catch (IOException | JsonSyntaxException e) {
      throw new CliException(
          "the agent's configuration " + file + " cannot be read: " + e.getMessage());
    }
  }

  private static final class Reader {
    private final Path file;
    private final Map<String, Object> tree;
    private final Set<String> others;

    Reader(Path file, Map<String, Object> tree) {
      this.file = file;
      this.tree = tree;
      this.others = new HashSet<>(tree.keySet());
    }

    String text(String field) {
      others.remove(field);
      String value = Trees.string(tree, field);
      if (value == null) {
        throw new CliException(file + " lacks \"" + field + '"');
      }
      return value;
    }

    Path path(String field) {
      return Path.of(text(field));
    }

    void refuseOthers() {
      if (!others.isEmpty()) {
        throw new CliException(file + " has unknown fields: " + String.join(", ", others));
      }
    }
  }
}
