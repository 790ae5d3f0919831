package io.kubra.node.api;

import io.kubra.client.ApiClient;
import io.kubra.metrics.MetricRegistry;
import io.kubra.metrics.MetricText;
import io.kubra.model.Codec;
import io.kubra.model.core.v1.Pod;
import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.CriException;
import io.kubra.node.pod.PodEngine;
import io.kubra.node.stats.NodeStats;
import io.kubra.transport.http.ClientGoneException;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpServer;
import io.kubra.transport.tls.ServerTls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/** The node's HTTPS server: what the API server needs of a node, and what monitoring reads. */
public final class NodeApi implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeApi.class);
  private static final HttpHeaders TEXT =
      HttpHeaders.of("Content-Type", "text/plain; charset=utf-8");
  private static final HttpHeaders JSON = HttpHeaders.of("Content-Type", "application/json");
  private static final HttpHeaders METRICS = HttpHeaders.of("Content-Type", MetricText.MEDIA_TYPE);

  private final PodEngine pods;
  private final Access access;
  private final PodLookup lookup;
  private final LogEndpoint logs;
  private final StreamEndpoints streams;
  private final NodeStats stats;
  private final MetricRegistry metrics;
  private final HttpClient http;
  private final HttpServer server;

  /** Starts to serve. */
  public NodeApi(
      InetSocketAddress address,
      ServerTls tls,
      ApiClient client,
      String nodeName,
      PodEngine pods,
      CriClient cri,
      NodeStats stats,
      MetricRegistry metrics,
      InstantSource clock) {
    this.pods = pods;
    this.stats = stats;
    this.metrics = metrics;
    this.access = new Access(client, nodeName, clock);
    this.lookup = new PodLookup(pods);
    this.logs = new LogEndpoint(lookup, cri, clock);
    this.http = HttpClient.builder().build();
    this.streams = new StreamEndpoints(lookup, cri, http);
    this.server = HttpServer.builder().bind(address).tls(tls).handler(this::handle).start();
  }

  /** The port on which the API is served. */
  public int port() {
    return server.port();
  }

  private void handle(HttpExchange x) throws IOException {
    List<String> path =
        Arrays.stream(x.rawPath().split("/"))
            .filter(s -> !s.isEmpty())
            .map(s -> URLDecoder.decode(s, StandardCharsets.UTF_8))
            .toList();
    try {
      String first = path.isEmpty() ? "" : path.getFirst();
      access.check(x, subresource(first));
      route(x, first, path);
    } catch (Refusal e) {
      refuse(x, e.status(), e.getMessage());
    } catch (CriException e) {
      refuse(x, 500, e.getMessage());
    } catch (ClientGoneException e) {
      LOG.debug("{} {}: the caller left", x.method(), x.rawPath());
    }
  }

  private static void refuse(HttpExchange x, int status, @Nullable String why) {
    if (!x.responded()) {
      x.respond(status, TEXT, String.valueOf(why).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String subresource(String first) {
    return switch (first) {
      case "stats" -> "stats";
      case "metrics" -> "metrics";
      case "logs" -> "log";
      case "pods", "runningpods" -> "pods";
      case "healthz" -> "healthz";
      default -> "proxy";
    };
  }

  private void route(HttpExchange x, String first, List<String> path) throws Refusal, IOException {
    int n = path.size();
    switch (first) {
      case "healthz" -> x.respond(200, TEXT, "ok".getBytes(StandardCharsets.UTF_8));
      case "pods", "runningpods" -> x.respond(200, JSON, podList(first.equals("runningpods")));
      case "containerLogs" -> {
        require(n == 4);
        logs.serve(x, path.get(1), path.get(2), path.get(3));
      }
      case "exec" -> {
        require(n == 4 || n == 5);
        streams.exec(x, pod(path, n == 5), path.getLast());
      }
      case "attach" -> {
        require(n == 4 || n == 5);
        streams.attach(x, pod(path, n == 5), path.getLast());
      }
      case "portForward" -> {
        require(n == 3 || n == 4);
        streams.portForward(x, pod(path, n == 4));
      }
      case "stats" -> {
        require(n == 2 && path.get(1).equals("summary"));
        x.respond(200, JSON, stats.summary());
      }
      case "metrics" -> {
        String which = n == 1 ? "" : path.get(1);
        byte[] body =
            switch (which) {
              case "" -> metrics.text();
              case "resource" -> stats.resource();
              case "cadvisor" -> stats.cadvisor();
              case "probes" -> probes();
              default -> throw new Refusal(404, "404 page not found");
            };
        x.respond(200, METRICS, body);
      }
      default -> throw new Refusal(404, "404 page not found");
    }
  }

  private byte[] probes() {
    MetricText out = new MetricText();
    pods.probeMetrics().write(out);
    return out.bytes();
  }

  private Pod pod(List<String> path, boolean withUid) throws Refusal {
    return lookup.pod(path.get(1), path.get(2), withUid ? path.get(3) : "");
  }

  private static void require(boolean known) throws Refusal {
    if (!known) {
      throw new Refusal(404, "404 page not found");
    }
  }

  private byte[] podList(boolean running) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator g = Codec.generator(out)) {
      g.writeStartObject();
      g.writeStringProperty("kind", "PodList");
      g.writeStringProperty("apiVersion", "v1");
      g.writeName("metadata");
      g.writeStartObject();
      g.writeEndObject();
      g.writeName("items");
      g.writeStartArray();
      for (Pod pod : pods.pods()) {
        if (!running || "Running".equals(pod.status().phase())) {
          pod.write(g);
        }
      }
      g.writeEndArray();
      g.writeEndObject();
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    server.drainAndClose(Duration.ofMillis(200));
    http.close();
  }
}
