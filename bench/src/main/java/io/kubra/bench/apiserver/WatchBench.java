package io.kubra.bench.apiserver;

import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long an update of one ConfigMap takes to reach each of many watches of it, from before the
 * request is sent until the line of the event is read. The watches share some connections and, with
 * the updating client, the machine's processors. The folder to work in is the first argument, the
 * number of watches the second (1000); further arguments are flags for the server's JVM.
 */
public final class WatchBench {
  private static final int CONNECTIONS = 20;
  private static final int WARM_UP = 100;
  private static final int UPDATES = 300;
  private static final long BETWEEN_MILLIS = 100;
  private static final String NAMESPACE = "/api/v1/namespaces/default/configmaps";
  private static final String MARK = "\"number\":\"";

  private final ServerUnderLoad server;
  private final int watches;
  private final AtomicLongArray sent = new AtomicLongArray(WARM_UP + UPDATES);
  private final long[] latencies;
  private final AtomicLongArray received = new AtomicLongArray(WARM_UP + UPDATES);

  private WatchBench(ServerUnderLoad server, int watches) {
    this.server = server;
    this.watches = watches;
    this.latencies = new long[UPDATES * watches];
  }

  /** Measures and prints the distribution. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args.length > 0 ? args[0] : "target/watch-bench");
    int watches = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
    List<String> flags = List.of(args).subList(Math.min(2, args.length), args.length);
    try (ServerUnderLoad server = ServerUnderLoad.start(folder, flags);
        Clients watchers = new Clients(server, CONNECTIONS);
        Clients writer = new Clients(server, 1)) {
      new WatchBench(server, watches).run(watchers, writer);
    }
  }

  private void run(Clients watchers, Clients writer) throws Exception {
    writer.create(writer.get(0), NAMESPACE, "ConfigMap", "watched", data(-1));
    CountDownLatch open = new CountDownLatch(watches);
    for (int i = 0; i < watches; i++) {
      int number = i;
      Thread.ofVirtual().start(() -> watch(watchers.get(number % CONNECTIONS), number, open));
    }
    if (!open.await(60, TimeUnit.SECONDS)) {
      throw new IOException(open.getCount() + " of the watches did not begin");
    }
    for (int update = 0; update < WARM_UP + UPDATES; update++) {
      sent.set(update, System.nanoTime());
      writer.replace(writer.get(0), NAMESPACE, "ConfigMap", "watched", data(update));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (received.get(update) < watches) {
        if (System.nanoTime() > end) {
          throw new IOException(
              "update %d reached only %d watches".formatted(update, received.get(update)));
        }
        Thread.sleep(1);
      }
      Thread.sleep(BETWEEN_MILLIS);
    }
    Arrays.sort(latencies);
    System.out.printf(
        Locale.ROOT,
        "%d watches, %d updates: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max %.1f ms; server %d MiB%n",
        watches,
        UPDATES,
        percentile(0.5),
        percentile(0.9),
        percentile(0.99),
        percentile(1),
        server.residentMegabytes());
  }

  private double percentile(double share) {
    return latencies[(int) Math.min(latencies.length - 1L, (long) (share * latencies.length))]
        / 1e6;
  }

  private static String data(int number) {
    return ",\"data\":{\"number\":\"" + number + "\"}";
  }

  private void watch(HttpClient client, int number, CountDownLatch open) {
    HttpRequest request =
        HttpRequest.of(
            "GET",
            server.uri(NAMESPACE + "?watch=1&fieldSelector=metadata.name%3Dwatched"),
            new HttpHeaders());
    try (HttpClientResponse response = client.send(request);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        long now = System.nanoTime();
        int from = line.indexOf(MARK) + MARK.length();
        int update = Integer.parseInt(line.substring(from, line.indexOf('"', from)));
        if (update < 0) {
          open.countDown();
          continue;
        }
        if (update >= WARM_UP) {
          latencies[(update - WARM_UP) * watches + number] = now - sent.get(update);
        }
        received.incrementAndGet(update);
      }
    } catch (IOException e) {
      // The server is closed when everything is measured; before, the count of events says it.
      open.countDown();
    }
  }
}
