package io.kubra.transport.http;

import io.kubra.transport.io.RawConnection;
import io.kubra.transport.spdy.SpdyConnection;
import io.kubra.transport.tls.ClientTls;
import io.kubra.transport.websocket.WebSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An HTTP client with pooled connections, for blocking code on virtual threads. Thread-safe. */
public final class HttpClient implements HttpTransport, AutoCloseable {
  private HttpClient(Builder builder) {}

  /** Starts from defaults: the machine's trust, HTTP/2 where the server offers it. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public HttpClientResponse send(HttpRequest request) {
    throw new UnsupportedOperationException();
  }

  /**
   * Opens a WebSocket ({@code http}, {@code https}, {@code ws} and {@code wss} URIs).
   *
   * @param subprotocols what to offer, most wanted first
   * @throws UpgradeException when the server answers something else
   */
  public WebSocket connectWebSocket(URI uri, HttpHeaders headers, List<String> subprotocols) {
    throw new UnsupportedOperationException();
  }

  /**
   * Upgrades a connection to SPDY/3.1.
   *
   * @throws UpgradeException when the server answers something else
   */
  public SpdyConnection connectSpdy(URI uri, HttpHeaders headers, String method) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /** Closes all connections; running requests fail. */
  @Override
  public void close() {}

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
