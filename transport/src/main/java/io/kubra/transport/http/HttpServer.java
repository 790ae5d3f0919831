package io.kubra.transport.http;

import io.kubra.transport.tls.ServerTls;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An HTTP/1.1 and HTTP/2 server. */
public final class HttpServer implements AutoCloseable {
  private HttpServer(Builder builder) {}

  /** Starts from defaults: loopback, any free port, no TLS. */
  public static Builder builder() {
    return new Builder();
  }

  /** Where the server listens. */
  public InetSocketAddress address() {
    throw new UnsupportedOperationException();
  }

  /** Stops accepting, lets running requests end for up to {@code grace}, then closes. */
  public void drainAndClose(Duration grace) {
    throw new UnsupportedOperationException();
  }

  /** Closes at once. */
  @Override
  public void close() {}

  /** Settings of a server. */
  public static final class Builder {
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);
    @Nullable Path unixSocket;
    @Nullable ServerTls tls;
    HttpHandler handler = x -> x.respond(404, new HttpHeaders());
    int maxHeaderSize = 64 * 1024;
    int maxConcurrentStreams = 250;
    Duration headerTimeout = Duration.ofSeconds(32);
    Duration bodyTimeout = Duration.ofSeconds(60);
    Duration idleTimeout = Duration.ofSeconds(90);

    private Builder() {}

    /** Where to listen; port 0 picks a free one. */
    public Builder bind(InetSocketAddress where) {
      address = where;
      return this;
    }

    /** Listens on a unix domain socket instead; a stale file is replaced. */
    public Builder unixSocket(Path path) {
      unixSocket = path;
      return this;
    }

    /** Speaks TLS, with HTTP/2 by ALPN. */
    public Builder tls(ServerTls config) {
      tls = config;
      return this;
    }

    /** Answers the requests. */
    public Builder handler(HttpHandler answers) {
      handler = answers;
      return this;
    }

    /** The largest request line plus headers, in bytes; more is answered with 431. */
    public Builder maxHeaderSize(int bytes) {
      maxHeaderSize = bytes;
      return this;
    }

    /** How many requests one HTTP/2 connection may have open. */
    public Builder maxConcurrentStreams(int streams) {
      maxConcurrentStreams = streams;
      return this;
    }

    /** How long a new connection may take for its handshake and first headers. */
    public Builder headerTimeout(Duration timeout) {
      headerTimeout = timeout;
      return this;
    }

    /** How long a body's reader waits for the next bytes. */
    public Builder bodyTimeout(Duration timeout) {
      bodyTimeout = timeout;
      return this;
    }

    /** How long a connection without requests stays open. */
    public Builder idleTimeout(Duration timeout) {
      idleTimeout = timeout;
      return this;
    }

    /**
     * Binds and starts.
     *
     * @throws TransportException when the address cannot be bound
     */
    public HttpServer start() {
      return new HttpServer(this);
    }
  }
}
