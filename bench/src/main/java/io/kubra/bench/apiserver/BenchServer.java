package io.kubra.bench.apiserver;

import io.kubra.apiserver.standard.ServerFlags;
import io.kubra.apiserver.standard.StandardApiServer;
import io.kubra.apiserver.standard.StandardConfig;
import io.kubra.store.embedded.EmbeddedConfig;
import io.kubra.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The measured process: an API server on a durable store, with TLS, RBAC, admission and the rules
 * of all kinds, and nothing else. Ends when its standard input does.
 */
final class BenchServer {
  private BenchServer() {}

  /** Upstream's flags, from a property such as {@code enable-priority-and-fairness=false}. */
  private static Map<String, String> flags() {
    Map<String, String> flags = new HashMap<>();
    for (String flag : System.getProperty("kubra.bench.flags", "").split(",")) {
      int equals = flag.indexOf('=');
      if (equals > 0) {
        flags.put(flag.substring(0, equals), flag.substring(equals + 1));
      }
    }
    return flags;
  }

  /** Serves from the folder on the port, which are the arguments. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args[0]);
    Files.createDirectories(folder.resolve("store"));
    try (EmbeddedStore store = EmbeddedStore.open(EmbeddedConfig.at(folder.resolve("store")));
        StandardApiServer server =
            StandardApiServer.start(
                StandardConfig.builder(
                        folder.resolve("pki"),
                        new InetSocketAddress("127.0.0.1", Integer.parseInt(args[1])),
                        "127.0.0.1")
                    .serviceCidr("10.96.0.0/16")
                    .metricsApi(false)
                    .flags(ServerFlags.of(flags()))
                    .build(),
                store)) {
      server.server().awaitReady();
      System.out.println("ready");
      while (System.in.read() >= 0) {
        // The parent closes its end when it has finished.
      }
    }
  }
}
