package io.kubra.network.route;

import io.kubra.api.validation.Addresses;
import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.SharedInformer;
import io.kubra.model.core.v1.Node;
import io.kubra.model.core.v1.NodeAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes to the pod ranges of the other nodes, by way of their internal addresses. The routes carry
 * a protocol number of their own, by which stale ones are found.
 */
public final class NodeRoutes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRoutes.class);
  private static final String PROTOCOL = "91";

  private final String nodeName;
  private final String podNetwork;
  private final SharedInformer<Node> nodes;
  private final Semaphore changed = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Starts to keep the routes; the informer is started by the caller.
   *
   * @param podNetwork the network of all pods; routes elsewhere are another cluster's
   */
  public NodeRoutes(String nodeName, String podNetwork, SharedInformer<Node> nodes) {
    this.nodeName = nodeName;
    this.podNetwork = podNetwork;
    this.nodes = nodes;
    nodes.addHandler(
        new EventHandler<>() {
          @Override
          public void onAdd(Node object) {
            changed.release();
          }

          @Override
          public void onUpdate(Node old, Node object) {
            if (!old.spec().equals(object.spec())
                || !old.status().addresses().equals(object.status().addresses())) {
              changed.release();
            }
          }

          @Override
          public void onDelete(Node object) {
            changed.release();
          }
        });
    this.thread = Thread.ofVirtual().name("node-routes").start(this::run);
  }

  private void run() {
    try {
      nodes.awaitSynced(Duration.ofDays(1));
      while (!closed) {
        try {
          reconcile();
        } catch (IOException e) {
          LOG.error("routes to other nodes not set: {}", e.getMessage());
          Thread.sleep(Duration.ofSeconds(1));
          continue;
        }
        changed.acquire();
        changed.drainPermits();
      }
    } catch (InterruptedException e) {
      LOG.debug("node routes end");
    }
  }

  private void reconcile() throws IOException, InterruptedException {
    Map<String, String> wanted = wanted();
    Map<String, String> present = present();
    List<String> batch = new ArrayList<>();
    present.forEach(
        (range, via) -> {
          if (!wanted.containsKey(range)) {
            batch.add("route del " + range + " proto " + PROTOCOL);
          }
        });
    wanted.forEach(
        (range, via) -> {
          if (!via.equals(present.get(range))) {
            batch.add("route replace " + range + " via " + via + " proto " + PROTOCOL);
          }
        });
    if (!batch.isEmpty()) {
      ip(String.join("\n", batch) + "\n", "-batch", "-");
    }
  }

  private Map<String, String> wanted() {
    Map<String, String> routes = new TreeMap<>();
    for (Node node : nodes.list()) {
      String range = node.spec().podCIDR();
      if (range == null || range.isEmpty() || node.metadata().name().equals(nodeName)) {
        continue;
      }
      for (NodeAddress address : node.status().addresses()) {
        if (address.type().equals("InternalIP") && !address.address().contains(":")) {
          routes.put(range, address.address());
          break;
        }
      }
    }
    return routes;
  }

  private Map<String, String> present() throws IOException, InterruptedException {
    Map<String, String> routes = new TreeMap<>();
    // Lines such as: 10.244.2.0/24 via 10.89.0.12 dev eth0
    for (String line : ip("", "-4", "route", "show", "proto", PROTOCOL).lines().toList()) {
      String[] words = line.strip().split("\\s+");
      if (words.length >= 3
          && words[1].equals("via")
          && Addresses.contains(podNetwork, words[0].split("/")[0])) {
        routes.put(words[0], words[2]);
      }
    }
    return routes;
  }

  private static String ip(String input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add("ip");
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("ip: " + output.strip());
    }
    return output;
  }

  /** Ends; the routes stay. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
