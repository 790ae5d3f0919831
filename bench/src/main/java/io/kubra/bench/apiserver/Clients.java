package io.kubra.bench.apiserver;

import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several clients of one server, each with an HTTP/2 connection and one request at a time. */
final class Clients implements AutoCloseable {
  private final ServerUnderLoad server;
  private final List<HttpClient> clients = new ArrayList<>();

  Clients(ServerUnderLoad server, int count) {
    this.server = server;
    for (int i = 0; i < count; i++) {
      clients.add(server.client());
    }
  }

  /** What one client does for the number-th piece of work. */
  interface Work {
    void run(HttpClient client, int number) throws IOException;
  }

  HttpClient get(int number) {
    return clients.get(number);
  }

  /** Divides the pieces among the clients and returns how many were done in a second. */
  double perSecond(int pieces, Work work) throws InterruptedException, ExecutionException {
    long from = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int c = 0; c < clients.size(); c++) {
        int first = c;
        running.add(
            threads.submit(
                () -> {
                  for (int i = first; i < pieces; i += clients.size()) {
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

  /** Reads a path to its end and requires status 200. */
  void read(HttpClient client, String path) throws IOException {
    expect(client, HttpRequest.of("GET", server.uri(path), new HttpHeaders()), 200);
  }

  /** Deletes what is under a path. */
  void delete(HttpClient client, String path) throws IOException {
    expect(client, HttpRequest.of("DELETE", server.uri(path), new HttpHeaders()), 200);
  }

  /** Creates the object of a kind below a path; {@code rest} is JSON that follows its metadata. */
  void create(HttpClient client, String path, String kind, String name, String rest)
      throws IOException {
    expect(client, HttpRequest.of("POST", server.uri(path), json(), body(kind, name, rest)), 201);
  }

  /** Replaces an object. */
  void replace(HttpClient client, String path, String kind, String name, String rest)
      throws IOException {
    expect(
        client,
        HttpRequest.of("PUT", server.uri(path + "/" + name), json(), body(kind, name, rest)),
        200);
  }

  private static HttpHeaders json() {
    return new HttpHeaders().set("Content-Type", "application/json");
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
            "%s %s was answered %d: %s"
                .formatted(
                    request.method(),
                    request.uri(),
                    response.status(),
                    new String(body, StandardCharsets.UTF_8)));
      }
    }
  }

  @Override
  public void close() {
    clients.forEach(HttpClient::close);
  }
}
