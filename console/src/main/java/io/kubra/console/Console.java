package io.kubra.console;

import io.kubra.client.ApiClient;
import io.kubra.console.session.Sessions;
import io.kubra.transport.http.HttpServer;
import io.kubra.transport.http.HttpTransport;
import io.kubra.transport.tls.ServerTls;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/** The running server of the status pages. */
public final class Console implements AutoCloseable {
  private static final URI LOCAL = URI.create("http://local");
  private final HttpServer server;

  private Console(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts to serve.
   *
   * @param api the way to the API server; stays the caller's
   * @throws io.kubra.transport.http.TransportException if the address is taken
   */
  public static Console start(ConsoleConfig config, ServerTls tls, HttpTransport api) {
    Clock clock = Clock.systemUTC();
    ConsoleHandler handler =
        new ConsoleHandler(
            config.cluster(),
            token -> ApiClient.bearer(api, LOCAL, token, "kubra-console"),
            new Sessions(clock),
            clock);
    return new Console(HttpServer.builder().bind(config.bind()).tls(tls).handler(handler).start());
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    server.drainAndClose(Duration.ofSeconds(1));
  }
}
