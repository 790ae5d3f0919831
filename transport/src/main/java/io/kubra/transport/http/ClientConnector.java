package io.kubra.transport.http;

import io.kubra.transport.io.EventLoops;
import io.kubra.transport.tls.TlsContexts;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens connections and finds out what they speak. Blocks its caller, never an event loop. */
final class ClientConnector {
  private static final int MAX_HEADERS = 1024 * 1024;
  private static final int MAX_CHUNK = 64 * 1024;

  private final HttpClient.Builder config;
  private final SslContext anyHttp;
  private final SslContext http1Only;

  ClientConnector(HttpClient.Builder config) {
    this.config = config;
    this.http1Only = TlsContexts.client(config.tls, false);
    this.anyHttp = config.http2 ? TlsContexts.client(config.tls, true) : http1Only;
  }

  /**
   * Opens a connection with a place reserved on it.
   *
   * @param mayHttp2 whether HTTP/2 is welcome
   * @param idle told when an HTTP/1.1 connection is free again
   * @param roomAgain told when an HTTP/2 connection has room again
   */
  ClientConnection connect(
      Origin origin, boolean mayHttp2, Consumer<Http1Client> idle, Runnable roomAgain) {
    IOException last = null;
    for (SocketAddress address : addresses(origin)) {
      CompletableFuture<ClientConnection> ready = new CompletableFuture<>();
      Setup setup = new Setup(origin, mayHttp2, ready, idle, roomAgain);
      ChannelFuture connected = bootstrap(setup).connect(address);
      connected.addListener(
          done -> {
            if (!done.isSuccess()) {
              ready.completeExceptionally(done.cause());
            }
          });
      try {
        return ready.get(config.connectTimeout.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        Throwable cause = Objects.requireNonNull(e.getCause());
        last = new IOException(cause.getMessage(), cause);
      } catch (TimeoutException e) {
        connected.channel().close();
        last = new IOException("no connection after " + config.connectTimeout, e);
      } catch (InterruptedException e) {
        connected.channel().close();
        Thread.currentThread().interrupt();
        throw new ConnectionFailedException("interrupted while connecting to " + origin, e);
      }
    }
    IOException cause = last == null ? new IOException("no address") : last;
    throw new ConnectionFailedException(
        "cannot connect to " + origin + ": " + cause.getMessage(), cause);
  }

  private List<SocketAddress> addresses(Origin origin) {
    Path socket = config.unixSocket;
    if (socket != null) {
      return List.of(EventLoops.unixAddress(socket));
    }
    try {
      List<SocketAddress> found = new ArrayList<>(2);
      for (InetAddress address : InetAddress.getAllByName(origin.plainHost())) {
        found.add(new InetSocketAddress(address, origin.port()));
      }
      return found;
    } catch (UnknownHostException e) {
      throw new ConnectionFailedException("unknown host " + origin.host(), e);
    }
  }

  private Bootstrap bootstrap(Setup setup) {
    boolean unix = config.unixSocket != null;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(EventLoops.shared())
            .channel(EventLoops.connecting(unix))
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) Math.min(Integer.MAX_VALUE, config.connectTimeout.toMillis()))
            .handler(setup);
    if (!unix) {
      bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true);
    }
    return bootstrap;
  }

  private final class Setup extends ChannelInitializer<Channel> {
    private final Origin origin;
    private final boolean mayHttp2;
    private final CompletableFuture<ClientConnection> ready;
    private final Consumer<Http1Client> idle;
    private final Runnable roomAgain;

    Setup(
        Origin origin,
        boolean mayHttp2,
        CompletableFuture<ClientConnection> ready,
        Consumer<Http1Client> idle,
        Runnable roomAgain) {
      this.origin = origin;
      this.mayHttp2 = mayHttp2;
      this.ready = ready;
      this.idle = idle;
      this.roomAgain = roomAgain;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel
          .closeFuture()
          .addListener(
              closed ->
                  ready.completeExceptionally(new IOException("the server closed the connection")));
      if (origin.tls()) {
        String name = config.tls.serverName();
        SslContext context = mayHttp2 ? anyHttp : http1Only;
        SslHandler tls =
            context.newHandler(
                channel.alloc(), name == null ? origin.plainHost() : name, origin.port());
        tls.setHandshakeTimeoutMillis(config.connectTimeout.toMillis());
        channel.pipeline().addLast(tls).addLast(new Negotiation(this));
      } else {
        begin(channel, config.http2PriorKnowledge && mayHttp2);
      }
    }

    private void begin(Channel channel, boolean http2) {
      if (http2) {
        Http2Client client = new Http2Client(channel, origin, config, ready, roomAgain);
        channel.pipeline().addLast(client.handler());
        return;
      }
      HttpDecoderConfig decoder =
          new HttpDecoderConfig()
              .setMaxInitialLineLength(MAX_CHUNK)
              .setMaxHeaderSize(MAX_HEADERS)
              .setMaxChunkSize(MAX_CHUNK);
      channel.pipeline().addLast(new HttpClientCodec(decoder, false, false));
      Http1Client client = new Http1Client(channel, origin, config, idle);
      channel.pipeline().addLast(client);
      if (channel.isActive()) {
        ready.complete(client);
      } else {
        channel.pipeline().addLast(new WhenActive(ready, client));
      }
    }
  }

  /** Reports a plain connection as ready once it is connected. */
  private static final class WhenActive extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<ClientConnection> ready;
    private final Http1Client client;

    WhenActive(CompletableFuture<ClientConnection> ready, Http1Client client) {
      this.ready = ready;
      this.client = client;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.pipeline().remove(this);
      ready.complete(client);
    }
  }

  /** Waits for the TLS handshake and sets up what it agreed on. */
  private static final class Negotiation extends ChannelInboundHandlerAdapter {
    private final Setup setup;

    Negotiation(Setup setup) {
      this.setup = setup;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
          @Nullable String agreed = ctx.pipeline().get(SslHandler.class).applicationProtocol();
          ctx.pipeline().remove(this);
          setup.begin(ctx.channel(), ApplicationProtocolNames.HTTP_2.equals(agreed));
        } else {
          setup.ready.completeExceptionally(handshake.cause());
          ctx.close();
        }
      }
      ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      setup.ready.completeExceptionally(cause);
      ctx.close();
    }
  }
}
