package io.kubra.bench.apiserver;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What many small objects cost the server: its resident memory before and after they are created
 * and listed, and after a rest. The folder to work in is the first argument, the number of objects
 * the second (100,000); further arguments are flags for the server's JVM.
 */
public final class MemoryBench {
  private static final int CLIENTS = 16;
  private static final long REST_SECONDS = 30;
  private static final String PATH = "/api/v1/namespaces/default/configmaps";

  private MemoryBench() {}

  /** Creates the objects and prints the figures. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args.length > 0 ? args[0] : "target/memory-bench");
    int objects = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    List<String> flags = List.of(args).subList(Math.min(2, args.length), args.length);
    try (ServerUnderLoad server = ServerUnderLoad.start(folder, flags);
        Clients clients = new Clients(server, CLIENTS)) {
      System.out.printf("ready: %s%n", server.memory());
      double rate =
          clients.perSecond(
              objects,
              (client, i) ->
                  clients.create(
                      client,
                      PATH,
                      "ConfigMap",
                      "map-" + i,
                      ",\"data\":{\"key\":\"value-" + i + "\"}"));
      System.out.printf(Locale.ROOT, "%d created at %.0f/s: %s%n", objects, rate, server.memory());
      clients.read(clients.get(0), PATH + "?limit=500");
      TimeUnit.SECONDS.sleep(REST_SECONDS);
      System.out.printf("after a rest: %s%n", server.memory());
    }
  }
}
