package io.kubra.bench.apiserver;

import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Creates, reads, lists and deletes ConfigMaps of 1 KiB through 16 HTTP/2 clients, each with a
 * connection and a request at a time of its own, and prints a line for each figure. The folder to
 * work in is the first argument, the number of rounds the second (3); further arguments are flags
 * for the server's JVM.
 */
public final class LoadBench {
  private static final int CLIENTS = 16;
  private static final int OBJECTS = 5000;
  private static final int READS = 40_000;
  private static final int LISTS = 20;
  private static final String VALUE = "x".repeat(1024);

  private final ServerUnderLoad server;
  private final List<HttpClient> clients = new ArrayList<>();

  private LoadBench(ServerUnderLoad server) {
    this.server = server;
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(server.client());
    }
  }

  /** What one client does for the number-th piece of work. */
  private interface Work {
    void run(HttpClient client, int number) throws IOException;
  }

  /** Runs all rounds against one server. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args.length > 0 ? args[0] : "target/load-bench");
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    List<String> flags = List.of(args).subList(Math.min(2, args.length), args.length);
    try (ServerUnderLoad server = ServerUnderLoad.start(folder, flags)) {
      System.out.printf("server ready, %d MiB resident%n", server.residentMegabytes());
      LoadBench bench = new LoadBench(server);
      for (int round = 1; round <= rounds; round++) {
        bench.round(round);
      }
      bench.clients.forEach(HttpClient::close);
    }
  }

  private void round(int round) throws Exception {
    String namespace = "load-" + round;
    String path = "/api/v1/namespaces/" + namespace + "/configmaps";
    post(clients.getFirst(), "/api/v1/namespaces", body("Namespace", namespace, ""));
    double creates =
        perSecond(
            OBJECTS,
            (client, i) ->
                post(
                    client,
                    path,
                    body("ConfigMap", "map-" + i, ",\"data\":{\"value\":\"" + VALUE + "\"}")));
    double reads =
        perSecond(READS, (client, i) -> expect(client, get(path + "/map-" + i % OBJECTS), 200));
    double best = Double.MAX_VALUE;
    double sum = 0;
    for (int i = 0; i < LISTS; i++) {
      long from = System.nanoTime();
      expect(clients.getFirst(), get(path), 200);
      double millis = (System.nanoTime() - from) / 1e6;
      best = Math.min(best, millis);
      sum += millis;
    }
    double deletes =
        perSecond(
            OBJECTS,
            (client, i) ->
                expect(
                    client,
                    HttpRequest.of("DELETE", server.uri(path + "/map-" + i), new HttpHeaders()),
                    200));
    System.out.printf(
        Locale.ROOT,
        "round %d: create %.0f/s, get %.0f/s, list of %d %.1f ms (best %.1f), delete %.0f/s, %d MiB%n",
        round,
        creates,
        reads,
        OBJECTS,
        sum / LISTS,
        best,
        deletes,
        server.residentMegabytes());
  }

  private double perSecond(int pieces, Work work) throws InterruptedException, ExecutionException {
    long from = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int c = 0; c < CLIENTS; c++) {
        int first = c;
        running.add(
            threads.submit(
                () -> {
                  for (int i = first; i < pieces; i += CLIENTS) {
                    work.run(clients.get(first), i);
                  }
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    return pieces / ((System.nanoTime() - from) / 1e9);
  }

  private HttpRequest get(String path) {
    return HttpRequest.of("GET", server.uri(path), new HttpHeaders());
  }

  private void post(HttpClient client, String path, byte[] body) throws IOException {
    HttpHeaders headers = new HttpHeaders().set("Content-Type", "application/json");
    expect(client, HttpRequest.of("POST", server.uri(path), headers, body), 201);
  }

  private static byte[] body(String kind, String name, String rest) {
    String json =
        "{\"apiVersion\":\"v1\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\"}%s}"
            .formatted(kind, name, rest);
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static void expect(HttpClient client, HttpRequest request, int status)
      throws IOException {
    try (HttpClientResponse response = client.send(request);
        InputStream in = response.body()) {
      byte[] body = in.readAllBytes();
      if (response.status() != status) {
        throw new IOException(
            request.method()
                + " "
                + request.uri()
                + " was answered "
                + response.status()
                + ": "
                + new String(body, StandardCharsets.UTF_8));
      }
    }
  }
}
