package io.kubra.apiserver.metricsapi;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.node.NodeConnector;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.TransportException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what nodes and containers use from all nodes, again and again. */
final class UsageScraper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UsageScraper.class);
  private static final GroupResource NODES = new GroupResource("", "nodes");
  private static final Duration PERIOD = Duration.ofSeconds(15);
  private static final Duration PERIOD_UNTIL_KNOWN = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** The last two readings of a node; the first is null until there are two. */
  private record Readings(@Nullable ResourceReading before, ResourceReading now) {}

  private final ObjectReader objects;
  private final NodeConnector nodes;
  private final Map<String, Readings> readings = new ConcurrentHashMap<>();
  private final Thread thread;

  UsageScraper(ObjectReader objects, NodeConnector nodes) {
    this.objects = objects;
    this.nodes = nodes;
    this.thread = Thread.ofVirtual().name("resource-metrics").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** The use of a node; null if it is not known. */
  @Nullable ResourceUsage node(String name) {
    Readings r = readings.get(name);
    return r == null
        ? null
        : ResourceUsage.between(name, r.before == null ? null : r.before.node(), r.now.node());
  }

  /** The use of the containers of all pods whose use is known. */
  Map<ResourceReading.Pod, List<ResourceUsage>> pods() {
    Map<ResourceReading.Pod, List<ResourceUsage>> found = new ConcurrentHashMap<>();
    for (Readings r : readings.values()) {
      r.now
          .pods()
          .forEach(
              (pod, now) -> {
                List<ResourceUsage> usage =
                    ResourceUsage.ofPod(r.before == null ? null : r.before.pods().get(pod), now);
                if (!usage.isEmpty()) {
                  found.put(pod, usage);
                }
              });
    }
    return found;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(scrapeAll() ? PERIOD : PERIOD_UNTIL_KNOWN);
      }
    } catch (InterruptedException e) {
      LOG.trace("resource metrics end");
    }
  }

  /** Reads all nodes at once; true if the use of all of them is known now. */
  private boolean scrapeAll() throws InterruptedException {
    List<String> names = scraped();
    readings.keySet().retainAll(Set.copyOf(names));
    List<Thread> threads = new ArrayList<>();
    for (String name : names) {
      threads.add(Thread.ofVirtual().name("scrape-" + name).start(() -> scrape(name)));
    }
    for (Thread t : threads) {
      t.join();
    }
    return !names.isEmpty()
        && readings.size() == names.size()
        && readings.values().stream().allMatch(r -> r.before != null);
  }

  /** The nodes that serve an API; that of the control plane need not. */
  private List<String> scraped() {
    try {
      return objects.list(NODES, null).stream()
          .filter(
              n ->
                  Trees.integerOr(n, 0, "status", "daemonEndpoints", "kubeletEndpoint", "Port") > 0)
          .map(n -> Trees.stringOr(n, "", "metadata", "name"))
          .collect(Collectors.toList());
    } catch (RuntimeException e) {
      LOG.debug("nodes cannot be listed", e);
      return List.of();
    }
  }

  private void scrape(String name) {
    try {
      NodeConnector.Endpoint endpoint = nodes.endpoint(name);
      HttpRequest request =
          HttpRequest.get(endpoint.base().resolve("/metrics/resource")).withTimeout(TIMEOUT);
      try (HttpClientResponse response = endpoint.client().send(request)) {
        String text = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        if (response.status() != 200) {
          throw new IOException(response.status() + ": " + text.strip());
        }
        ResourceReading now = ResourceReading.parse(text);
        readings.merge(name, new Readings(null, now), (old, unused) -> next(old, now));
      }
    } catch (ApiException | TransportException | IOException | NumberFormatException e) {
      readings.remove(name);
      LOG.debug("resource metrics of node {} cannot be read: {}", name, e.toString());
    }
  }

  /** A reading right after another tells no rate. */
  private static Readings next(Readings old, ResourceReading now) {
    boolean tooSoon = now.node().timeMillis() - old.now.node().timeMillis() < 1000;
    return tooSoon ? old : new Readings(old.now, now);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
