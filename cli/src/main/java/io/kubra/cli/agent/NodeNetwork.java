package io.kubra.cli.agent;

import io.kubra.client.ApiClient;
import io.kubra.client.informer.InformerFactory;
import io.kubra.model.core.v1.Node;
import io.kubra.network.dns.DnsServer;
import io.kubra.network.proxy.ProxyConfig;
import io.kubra.network.proxy.ServiceProxy;
import io.kubra.network.route.NodeRoutes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's part of the cluster network. DNS is served on the cluster's DNS address, which every
 * node has on its loopback interface, so that names resolve without leaving the node.
 */
final class NodeNetwork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeNetwork.class);
  private static final int DNS_PORT = 53;

  private final List<AutoCloseable> parts = new ArrayList<>();

  NodeNetwork(AgentConfig config, ApiClient client) throws IOException, InterruptedException {
    InformerFactory informers =
        new InformerFactory(client).rememberIn(config.rootFolder().resolve("known"));
    parts.add(informers);
    parts.add(
        ServiceProxy.start(
            new ProxyConfig("kubra_proxy", config.nodeName(), config.podNetwork(), List.of()),
            informers));
    parts.add(
        new NodeRoutes(config.nodeName(), config.podNetwork(), informers.informer(Node.RESOURCE)));
    addLoopbackAddress(config.clusterDns());
    parts.add(
        new DnsServer(
            new InetSocketAddress(InetAddress.ofLiteral(config.clusterDns()), DNS_PORT),
            config.clusterDomain(),
            config.resolvConf(),
            informers));
    informers.start();
  }

  private static void addLoopbackAddress(String address) throws IOException, InterruptedException {
    Process ip =
        new ProcessBuilder("ip", "address", "replace", address + "/32", "dev", "lo")
            .redirectErrorStream(true)
            .start();
    String words =
        new String(ip.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (ip.waitFor() != 0) {
      throw new IOException(
          "cannot add " + address + " to the loopback interface: " + words.strip());
    }
  }

  @Override
  public void close() {
    for (AutoCloseable part : parts.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("{} did not close", part.getClass().getSimpleName(), e);
      }
    }
  }
}
