package io.kubra.transport.http;

import io.kubra.transport.io.EventLoops;
import io.kubra.transport.tls.ServerTls;
import io.kubra.transport.tls.TlsContexts;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An HTTP/1.1 and HTTP/2 server. Handlers run on virtual threads, connections on event loops. */
public final class HttpServer implements AutoCloseable {
  private static final long CLOSE_MILLIS = 2000;

  private final ChannelGroup open =
      new DefaultChannelGroup("kubra-http", GlobalEventExecutor.INSTANCE, true);
  private final Channel listening;
  private final @Nullable Path unixSocket;

  private HttpServer(Builder builder) {
    SslContext tls = builder.tls == null ? null : TlsContexts.server(builder.tls, true);
    Path unix = builder.unixSocket;
    unixSocket = unix;
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(EventLoops.shared())
            .channel(EventLoops.listening(unix != null))
            .childHandler(new ServerPipeline(builder, tls, open));
    SocketAddress where = builder.address;
    if (unix != null) {
      deleteStale(unix);
      where = EventLoops.unixAddress(unix);
    } else {
      bootstrap
          .option(ChannelOption.SO_REUSEADDR, true)
          .option(ChannelOption.SO_BACKLOG, 4096)
          .childOption(ChannelOption.TCP_NODELAY, true)
          .childOption(ChannelOption.SO_KEEPALIVE, true);
    }
    if (tls == null) {
      bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }
    ChannelFuture bound = bootstrap.bind(where).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      Throwable cause = Objects.requireNonNull(bound.cause());
      throw new TransportException(
          "cannot listen on " + (unix == null ? where : unix) + ": " + cause.getMessage(), cause);
    }
    listening = bound.channel();
  }

  private static void deleteStale(Path socket) {
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new TransportException("cannot replace the socket " + socket, e);
    }
  }

  /** Starts from defaults: loopback, any free port, no TLS. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Where the server listens.
   *
   * @throws IllegalStateException when that is a unix domain socket
   */
  public InetSocketAddress address() {
    if (listening.localAddress() instanceof InetSocketAddress address) {
      return address;
    }
    throw new IllegalStateException("the server listens on a unix domain socket");
  }

  /** The port on which the server listens. */
  public int port() {
    return address().getPort();
  }

  /** How many connections are open. */
  public int connections() {
    return open.size();
  }

  /**
   * Stops accepting, asks clients to go elsewhere (GOAWAY, {@code Connection: close}), lets running
   * requests end for up to {@code grace}, then closes.
   */
  public void drainAndClose(Duration grace) {
    stopListening();
    for (Channel channel : open) {
      channel.eventLoop().execute(() -> drain(channel, grace));
    }
    open.newCloseFuture().awaitUninterruptibly(grace.toMillis());
    closeConnections();
  }

  private static void drain(Channel channel, Duration grace) {
    Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
    if (http2 != null) {
      http2.gracefulShutdownTimeoutMillis(grace.toMillis());
      channel.close();
    } else {
      channel.pipeline().fireUserEventTriggered(Http1Server.Drain.NOW);
    }
  }

  /** Closes at once; running requests see their client go away. */
  @Override
  public void close() {
    stopListening();
    closeConnections();
  }

  private void stopListening() {
    listening.close().awaitUninterruptibly();
    // the JDK frees the port only when the selector runs again, which a timer task comes after
    listening.eventLoop().schedule(() -> {}, 1, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    if (unixSocket != null) {
      deleteStale(unixSocket);
    }
  }

  private void closeConnections() {
    for (Channel channel : open) {
      channel.eventLoop().execute(() -> closeNow(channel));
    }
    open.newCloseFuture().awaitUninterruptibly(CLOSE_MILLIS);
  }

  private static void closeNow(Channel channel) {
    Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
    if (http2 != null) {
      channel.pipeline().context(http2).close();
    } else {
      channel.close();
    }
  }

  /** Settings of a server. */
  public static final class Builder {
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);
    @Nullable Path unixSocket;
    @Nullable ServerTls tls;
    HttpHandler handler = x -> x.respond(404, new HttpHeaders());
    int maxHeaderSize = 64 * 1024;
    int maxConcurrentStreams = 250;
    int maxHandshakes = 1000;
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

    /** How many connections may be in their TLS handshake; of more the oldest are closed. */
    public Builder maxHandshakes(int connections) {
      maxHandshakes = connections;
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
