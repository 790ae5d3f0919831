package io.kubra.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prepares each accepted connection: TLS and ALPN, or a look at its first bytes. */
final class ServerPipeline extends ChannelInitializer<Channel> {
  private static final Logger log = LoggerFactory.getLogger(ServerPipeline.class);
  private static final int MAX_CHUNK = 64 * 1024;

  /** More than fit one read; {@link Http1Server} stops reading long before. */
  private static final int MAX_PIPELINED = 4096;

  private final HttpServer.Builder config;
  private final @Nullable SslContext tls;
  private final ChannelGroup open;
  private final Handshakes handshakes;

  ServerPipeline(HttpServer.Builder config, @Nullable SslContext tls, ChannelGroup open) {
    this.config = config;
    this.tls = tls;
    this.open = open;
    this.handshakes = new Handshakes(config.maxHandshakes);
  }

  @Override
  protected void initChannel(Channel channel) {
    open.add(channel);
    if (tls == null) {
      channel.pipeline().addLast(new Preface());
      return;
    }
    handshakes.begin(channel);
    SslHandler handler = tls.newHandler(channel.alloc());
    handler.setHandshakeTimeoutMillis(config.headerTimeout.toMillis());
    channel.pipeline().addLast(new TlsPreface()).addLast(handler).addLast(new Negotiated());
  }

  private void http1(ChannelPipeline pipeline) {
    HttpDecoderConfig decoder =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(config.maxHeaderSize)
            .setMaxHeaderSize(config.maxHeaderSize)
            .setMaxChunkSize(MAX_CHUNK);
    pipeline.addLast(new HttpServerCodec(decoder, MAX_PIPELINED));
    pipeline.addLast(new Http1Server(new ServerConnection(pipeline.channel(), config)));
  }

  private void http2(ChannelPipeline pipeline) {
    // A client that has closed its side cannot ask for the rest of an answer any more.
    pipeline.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    Http2Server server = new Http2Server(new ServerConnection(pipeline.channel(), config));
    pipeline.addLast(server.handler());
    server.watchIdle(pipeline.context(server.handler()));
  }

  /** Tells HTTP/2 with prior knowledge from HTTP/1.1 by the first bytes. */
  private final class Preface extends ByteToMessageDecoder {
    private final ByteBuf expected = Http2CodecUtil.connectionPrefaceBuf();
    private final ConnectionDeadlineHolder silence = new ConnectionDeadlineHolder();

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      silence.start(ctx);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      int length = Math.min(in.readableBytes(), expected.readableBytes());
      boolean same = true;
      for (int i = 0; i < length && same; i++) {
        same = in.getByte(in.readerIndex() + i) == expected.getByte(i);
      }
      if (same && length < expected.readableBytes()) {
        return;
      }
      silence.stop();
      if (same) {
        http2(ctx.pipeline());
      } else {
        http1(ctx.pipeline());
      }
      ctx.pipeline().remove(this);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
      expected.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  private final class ConnectionDeadlineHolder {
    private @Nullable ConnectionDeadline deadline;

    void start(ChannelHandlerContext ctx) {
      deadline = new ConnectionDeadline(ctx, () -> ctx.close());
      deadline.set(config.headerTimeout);
    }

    void stop() {
      if (deadline != null) {
        deadline.suspend();
      }
    }
  }

  /** Answers people who speak plain HTTP to a TLS port. */
  private static final class TlsPreface extends ByteToMessageDecoder {
    private static final int SHORTEST = 5;

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      if (in.readableBytes() < SHORTEST) {
        return;
      }
      if (SslHandler.isEncrypted(in, false)) {
        ctx.pipeline().remove(this);
        return;
      }
      in.skipBytes(in.readableBytes());
      String answer =
          "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
      ctx.writeAndFlush(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII))
          .addListener(done -> ctx.close());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  private final class Negotiated extends ApplicationProtocolNegotiationHandler {
    Negotiated() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      handshakes.end(ctx.channel());
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        http2(ctx.pipeline());
      } else {
        http1(ctx.pipeline());
      }
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
      log.debug(
          "TLS handshake with {} failed: {}", ctx.channel().remoteAddress(), cause.toString());
      ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      log.debug("connection from {} failed: {}", ctx.channel().remoteAddress(), cause.toString());
      ctx.close();
    }
  }
}
