package io.kubra.cli.local;

import io.kubra.api.json.Json;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.Credentials;
import io.kubra.cli.CliException;
import io.kubra.client.KubeConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Issues what the parts of a local cluster identify themselves with. Root made the cluster's
 * authority on this very machine, so nodes are given their certificates instead of joining by
 * token.
 */
final class ClusterCredentials {
  private final LocalCluster cluster;

  ClusterCredentials(LocalCluster cluster) {
    this.cluster = cluster;
  }

  /** Where the cluster's authority and the server's own certificates are kept. */
  static Path pkiFolder(LocalCluster cluster) {
    return cluster.serverData().resolve("pki");
  }

  void issue() {
    try (ClusterPki pki = ClusterPki.open(pkiFolder(cluster))) {
      Credentials admin = pki.certificate("admin", ClusterIdentities.admin()).get();
      byte[] ca = Files.readAllBytes(pki.authorityFile());
      KubeConfig.certificate(
              URI.create("https://127.0.0.1:" + cluster.apiPort()),
              ca,
              utf8(admin.certificatePem()),
              utf8(admin.keyPem()))
          .write(cluster.kubeconfig(), cluster.name(), cluster.name() + "-admin");
      for (Machine machine : cluster.machines()) {
        issue(pki, machine, ca);
      }
    } catch (IOException e) {
      throw new CliException("cannot write the cluster's credentials: " + e.getMessage());
    }
  }

  private void issue(ClusterPki pki, Machine machine, byte[] ca) throws IOException {
    String name = machine.name();
    Path folder = machine.varLib().resolve("kubelet");
    Files.createDirectories(folder.resolve("pki"));
    Credentials client = pki.certificate("node-" + name, ClusterIdentities.node(name)).get();
    KubeConfig.certificate(
            URI.create("https://" + cluster.hostAddress() + ":" + cluster.apiPort()),
            ca,
            utf8(client.certificatePem()),
            utf8(client.keyPem()))
        .write(folder.resolve("kubeconfig"), cluster.name(), "system:node:" + name);
    Credentials proxy = pki.certificate("kube-proxy", ClusterIdentities.proxy()).get();
    KubeConfig.certificate(
            URI.create("https://" + cluster.hostAddress() + ":" + cluster.apiPort()),
            ca,
            utf8(proxy.certificatePem()),
            utf8(proxy.keyPem()))
        .write(folder.resolve("proxy.kubeconfig"), cluster.name(), "system:kube-proxy");
    Credentials serving =
        pki.certificate(
                "node-" + name + "-serving",
                ClusterIdentities.kubeletServing(name, List.of(name), List.of(machine.address())))
            .get();
    writePrivate(folder.resolve("pki/kubelet.crt"), utf8(serving.certificatePem()));
    writePrivate(folder.resolve("pki/kubelet.key"), utf8(serving.keyPem()));
    writePrivate(folder.resolve("pki/ca.crt"), ca);
    writePrivate(folder.resolve("agent.json"), Json.write(agentConfig(machine)));
    writePrivate(folder.resolve("configuration.json"), cluster.configuration().json());
    Path resolver = Path.of("/etc/resolv.conf");
    // Inside the machine /run is another, and with it what a resolver daemon keeps there.
    writePrivate(
        folder.resolve("resolv.conf"),
        Files.exists(resolver) ? Files.readAllBytes(resolver) : new byte[0]);
  }

  /** The agent's configuration; its paths are the machine's own. */
  private Map<String, Object> agentConfig(Machine machine) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("nodeName", machine.name());
    config.put("nodeAddress", machine.address());
    config.put("kubeconfig", "/var/lib/kubelet/kubeconfig");
    config.put("proxyKubeconfig", "/var/lib/kubelet/proxy.kubeconfig");
    config.put("runtimeSocket", "/run/containerd/containerd.sock");
    config.put("rootFolder", "/var/lib/kubelet");
    config.put("cgroupRoot", "/" + machine.cgroup());
    config.put("clusterDns", cluster.dnsAddress());
    config.put("clusterDomain", "cluster.local");
    config.put("podNetwork", cluster.podNetwork());
    config.put("cniFolder", "/var/lib/cni/net.d");
    config.put("resolvConf", "/var/lib/kubelet/resolv.conf");
    config.put("servingCertificate", "/var/lib/kubelet/pki/kubelet.crt");
    config.put("servingKey", "/var/lib/kubelet/pki/kubelet.key");
    config.put("clientCa", "/var/lib/kubelet/pki/ca.crt");
    config.put("configuration", "/var/lib/kubelet/configuration.json");
    return config;
  }

  private static void writePrivate(Path file, byte[] content) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(file, content, StandardOpenOption.WRITE);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
