package io.kubra.transport.http;

import io.kubra.transport.io.RawChannel;
import io.kubra.transport.io.RawConnection;
import io.kubra.transport.spdy.SpdyConnection;
import io.kubra.transport.spdy.SpdyUpgrade;
import io.kubra.transport.tls.ClientTls;
import io.kubra.transport.websocket.WebSocket;
import io.kubra.transport.websocket.WebSocketUpgrade;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** An HTTP client with pooled connections, for blocking code on virtual threads. Thread-safe. */
public final class HttpClient implements HttpTransport, AutoCloseable {
  private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");
  private static final int MAX_ATTEMPTS = 3;
  private static final int MAX_REFUSAL = 1024 * 1024;
  private static final IOException SWITCHED = new IOException("the connection was upgraded");

  private final Builder config;
  private final ClientConnector connector;
  private final Map<Origin, OriginPool> pools = new ConcurrentHashMap<>();

  private HttpClient(Builder builder) {
    config = builder;
    connector = new ClientConnector(builder);
  }

  /** Starts from defaults: the machine's trust, HTTP/2 where the server offers it. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public HttpClientResponse send(HttpRequest request) {
    Origin origin = Origin.of(request.uri());
    OriginPool pool = pools.computeIfAbsent(origin, key -> new OriginPool(key, connector));
    for (int attempt = 1; ; attempt++) {
      ClientConnection connection = pool.acquire(attempt == MAX_ATTEMPTS);
      boolean used = connection.used();
      ClientCall call = connection.start(request);
      try {
        return await(call, connection);
      } catch (TransportException e) {
        boolean stale = used && REPEATABLE.contains(request.method());
        boolean refused = connection instanceof Http2Client;
        boolean again = call.retriable() && (stale || refused) && attempt < MAX_ATTEMPTS;
        if (!again || e instanceof ResponseTimeoutException) {
          throw e;
        }
      }
    }
  }

  private HttpClientResponse await(ClientCall call, ClientConnection connection) {
    HttpRequest request = call.request();
    Duration timeout = request.timeout() != null ? request.timeout() : config.responseTimeout;
    try {
      return timeout == null
          ? call.response().get()
          : call.response().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      throw new TransportException(
          request.method() + " " + request.uri() + " failed: " + cause.getMessage(), cause);
    } catch (TimeoutException e) {
      giveUp(call, connection);
      throw new ResponseTimeoutException(
          request.method() + " " + request.uri() + ": no response after " + timeout, e);
    } catch (InterruptedException e) {
      giveUp(call, connection);
      Thread.currentThread().interrupt();
      throw new TransportException("interrupted while waiting for a response", e);
    }
  }

  private static void giveUp(ClientCall call, ClientConnection connection) {
    switch (connection) {
      case Http1Client http1 -> http1.close();
      case Http2Client http2 -> http2.cancel(call);
    }
  }

  /**
   * Opens a WebSocket ({@code http}, {@code https}, {@code ws} and {@code wss} URIs).
   *
   * @param subprotocols what to offer, most wanted first
   * @throws UpgradeException when the server answers something else
   */
  public WebSocket connectWebSocket(URI uri, HttpHeaders headers, List<String> subprotocols) {
    String key = WebSocketUpgrade.newKey();
    return upgrade(
        webSocketRequest(uri, headers, subprotocols, key),
        (answer, pipeline) -> {
          checkAccept(answer, key);
          return WebSocketUpgrade.install(
              pipeline, true, answer.getOr("Sec-WebSocket-Protocol", ""));
        });
  }

  /**
   * Opens a WebSocket and speaks SPDY/3.1 inside its binary messages.
   *
   * @throws UpgradeException when the server answers something else
   */
  public SpdyConnection connectSpdyOverWebSocket(
      URI uri, HttpHeaders headers, List<String> subprotocols) {
    String key = WebSocketUpgrade.newKey();
    return upgrade(
        webSocketRequest(uri, headers, subprotocols, key),
        (answer, pipeline) -> {
          checkAccept(answer, key);
          WebSocketUpgrade.installTunnel(pipeline, true);
          return SpdyUpgrade.install(pipeline, false);
        });
  }

  private static HttpRequest webSocketRequest(
      URI uri, HttpHeaders headers, List<String> subprotocols, String key) {
    HttpHeaders all =
        headers
            .copy()
            .set("Connection", "Upgrade")
            .set("Upgrade", "websocket")
            .set("Sec-WebSocket-Version", "13")
            .set("Sec-WebSocket-Key", key);
    if (!subprotocols.isEmpty()) {
      all.set("Sec-WebSocket-Protocol", String.join(", ", subprotocols));
    }
    return HttpRequest.of("GET", uri, all);
  }

  private static void checkAccept(HttpHeaders answer, String key) {
    if (!WebSocketUpgrade.accept(key).equals(answer.get("Sec-WebSocket-Accept"))) {
      throw new TransportException("the server's WebSocket handshake is wrong");
    }
  }

  /**
   * Upgrades a connection to SPDY/3.1.
   *
   * @throws UpgradeException when the server answers something else
   */
  public SpdyConnection connectSpdy(URI uri, HttpHeaders headers, String method) {
    HttpHeaders all = headers.copy().set("Connection", "Upgrade").set("Upgrade", "SPDY/3.1");
    return upgrade(
        HttpRequest.of(method, uri, all),
        (answer, pipeline) -> SpdyUpgrade.install(pipeline, false));
  }

  /** The server's 101 answer and the bytes after it. */
  public record Upgraded(HttpHeaders headers, RawConnection connection) {}

  /**
   * Sends a request that asks for an upgrade ({@code Connection} and {@code Upgrade} are among its
   * headers) and hands out the raw bytes, for proxying.
   *
   * @throws UpgradeException when the server answers something else
   */
  public Upgraded connectUpgrade(HttpRequest request) {
    return upgrade(
        request,
        (answer, pipeline) -> {
          RawChannel raw = new RawChannel(pipeline.channel());
          pipeline.addLast(raw);
          return new Upgraded(answer, raw);
        });
  }

  private <T> T upgrade(HttpRequest request, BiFunction<HttpHeaders, ChannelPipeline, T> install) {
    Origin origin = Origin.of(request.uri());
    ClientConnection connection = connector.connect(origin, false, Http1Client::close, () -> {});
    if (!(connection instanceof Http1Client http1)) {
      throw new IllegalStateException("HTTP/2 was not offered");
    }
    CompletableFuture<T> switched = new CompletableFuture<>();
    ClientCall call =
        http1.start(
            request,
            (answer, pipeline) -> {
              try {
                switched.complete(install.apply(answer, pipeline));
              } catch (RuntimeException e) {
                switched.completeExceptionally(e);
                pipeline.close();
              }
            });
    switched.whenComplete((done, failure) -> call.response().completeExceptionally(SWITCHED));
    HttpClientResponse refusal;
    try {
      refusal = await(call, http1);
    } catch (TransportException e) {
      if (switched.isDone()) {
        return result(switched);
      }
      throw e;
    }
    throw refused(request, refusal);
  }

  private static <T> T result(CompletableFuture<T> switched) {
    try {
      return switched.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static UpgradeException refused(HttpRequest request, HttpClientResponse refusal) {
    byte[] body = new byte[0];
    try (refusal) {
      body = refusal.body().readNBytes(MAX_REFUSAL);
    } catch (IOException e) {
      // the status says enough
    }
    return new UpgradeException(
        request.method() + " " + request.uri() + " was answered " + refusal.status(),
        refusal.status(),
        body);
  }

  /** Closes all connections; running requests fail. */
  @Override
  public void close() {
    pools.values().forEach(OriginPool::close);
    pools.clear();
  }

  /** Settings of a client. */
  public static final class Builder {
    ClientTls tls = ClientTls.machine();
    @Nullable Path unixSocket;
    Duration connectTimeout = Duration.ofSeconds(30);
    @Nullable Duration responseTimeout;
    @Nullable Duration readTimeout;
    Duration pingInterval = Duration.ofSeconds(30);
    boolean http2 = true;
    boolean http2PriorKnowledge;

    private Builder() {}

    /** How to speak TLS for {@code https} URIs. */
    public Builder tls(ClientTls config) {
      tls = config;
      return this;
    }

    /** Connects to a unix domain socket, whatever host a URI names. */
    public Builder unixSocket(Path path) {
      unixSocket = path;
      return this;
    }

    /** How long connecting and the TLS handshake may take. */
    public Builder connectTimeout(Duration timeout) {
      connectTimeout = timeout;
      return this;
    }

    /** How long to wait for a response's headers unless the request says; null for ever. */
    public Builder responseTimeout(@Nullable Duration timeout) {
      responseTimeout = timeout;
      return this;
    }

    /** How long a response body's reader waits for the next bytes; null for ever. */
    public Builder readTimeout(@Nullable Duration timeout) {
      readTimeout = timeout;
      return this;
    }

    /** How often an HTTP/2 connection with open requests is checked to be alive. */
    public Builder pingInterval(Duration interval) {
      pingInterval = interval;
      return this;
    }

    /** Whether to offer HTTP/2 over TLS; true by default. */
    public Builder http2(boolean offer) {
      http2 = offer;
      return this;
    }

    /** Speaks HTTP/2 without TLS to servers known to understand it. */
    public Builder http2PriorKnowledge(boolean known) {
      http2PriorKnowledge = known;
      return this;
    }

    /** The client; it connects when first used. */
    public HttpClient build() {
      return new HttpClient(this);
    }
  }
}
