package io.kubra.bench.apiserver;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

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
  private static final String DATA = ",\"data\":{\"value\":\"" + "x".repeat(1024) + "\"}";

  private final ServerUnderLoad server;
  private final Clients clients;

  private LoadBench(ServerUnderLoad server, Clients clients) {
    this.server = server;
    this.clients = clients;
  }

  /** Runs all rounds against one server. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args.length > 0 ? args[0] : "target/load-bench");
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    List<String> flags = List.of(args).subList(Math.min(2, args.length), args.length);
    try (ServerUnderLoad server = ServerUnderLoad.start(folder, flags);
        Clients clients = new Clients(server, CLIENTS)) {
      System.out.printf("server ready, %d MiB resident%n", server.residentMegabytes());
      LoadBench bench = new LoadBench(server, clients);
      for (int round = 1; round <= rounds; round++) {
        bench.round(round);
      }
    }
  }

  private void round(int round) throws Exception {
    String namespace = "load-" + round;
    String path = "/api/v1/namespaces/" + namespace + "/configmaps";
    clients.create(clients.get(0), "/api/v1/namespaces", "Namespace", namespace, "");
    double creates =
        clients.perSecond(
            OBJECTS, (client, i) -> clients.create(client, path, "ConfigMap", "map-" + i, DATA));
    double reads =
        clients.perSecond(READS, (client, i) -> clients.read(client, path + "/map-" + i % OBJECTS));
    double best = Double.MAX_VALUE;
    double sum = 0;
    for (int i = 0; i < LISTS; i++) {
      long from = System.nanoTime();
      clients.read(clients.get(0), path);
      double millis = (System.nanoTime() - from) / 1e6;
      best = Math.min(best, millis);
      sum += millis;
    }
    double deletes =
        clients.perSecond(OBJECTS, (client, i) -> clients.delete(client, path + "/map-" + i));
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
}
