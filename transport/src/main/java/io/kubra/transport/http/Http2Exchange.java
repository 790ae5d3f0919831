package io.kubra.transport.http;

import io.kubra.transport.io.InboundBytes;
import io.kubra.transport.io.RawConnection;
import io.kubra.transport.spdy.SpdyConnection;
import io.kubra.transport.websocket.WebSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A request on an HTTP/2 connection. */
final class Http2Exchange extends BaseExchange {
  private static final int MAX_DISCARD = 256 * 1024;
  private static final Duration DISCARD_TIME = Duration.ofSeconds(10);

  private final Http2Server server;
  private final Http2Stream stream;
  private final boolean expectsContinue;
  private volatile boolean sentLast;
  private volatile boolean handlerDone;
  private int discarded;

  private Http2Exchange(
      Http2Server server,
      Http2Stream stream,
      RequestLine line,
      HttpHeaders headers,
      InboundBytes body) {
    super(line, headers, body);
    this.server = server;
    this.stream = stream;
    this.expectsContinue = headers.hasToken("Expect", "100-continue");
    if (expectsContinue) {
      body.beforeFirstWait(this::sendContinue);
    }
  }

  static Http2Exchange of(Http2Server server, Http2Stream stream, Http2Headers fields) {
    InboundBytes body =
        new InboundBytes(
            server.shared().config.bodyTimeout,
            Http2Server.REPORT_EVERY,
            n -> server.consumed(stream, n));
    RequestLine line =
        RequestLine.of(text(fields.method(), "GET"), text(fields.path(), "/"), "HTTP/2");
    return new Http2Exchange(server, stream, line, Http2Fields.request(fields), body);
  }

  @Override
  protected Duration answerPatience() {
    return server.shared().config.bodyTimeout;
  }

  private static String text(@Nullable CharSequence value, String otherwise) {
    return value == null ? otherwise : value.toString();
  }

  // ---- event loop

  void arrived(ByteBuf bytes) {
    if (handlerDone) {
      discarded += bytes.readableBytes();
      if (discarded > MAX_DISCARD) {
        reset(Http2Error.NO_ERROR);
      }
    }
    inbound().offer(bytes);
  }

  void requestEnded() {
    inbound().finish();
  }

  /** Whether the stream is still there to be answered. */
  boolean live() {
    return server.writable(stream);
  }

  /** Lets go of a request that nobody waits for, before its handler has started. */
  void drop() {
    inbound().close();
  }

  void lost(Throwable cause) {
    gone(cause);
  }

  void streamClosed() {
    if (!sentLast) {
      gone(new IOException("the stream was closed"));
    } else {
      gate().fail(null);
      inbound().fail(new IOException("the stream was closed"));
    }
  }

  // ---- the response, on the handler's thread

  private void sendContinue() {
    onLoop(
        ctx -> {
          if (server.writable(stream)) {
            Http2Headers fields = Http2Fields.informational(100);
            encoder().writeHeaders(ctx, stream.id(), fields, 0, false, ctx.newPromise());
            server.planFlush();
          }
        });
  }

  @Override
  protected void send(@Nullable Head head, ByteBuf data, boolean last) {
    Http2Headers fields = head == null ? null : Http2Fields.response(head);
    if (last) {
      sentLast = true;
    }
    onLoop(ctx -> write(ctx, fields, data, last));
  }

  private void write(
      ChannelHandlerContext ctx, @Nullable Http2Headers fields, ByteBuf data, boolean last) {
    int size = data.readableBytes();
    if (!server.writable(stream)) {
      data.release();
      gate().left(size);
      return;
    }
    int id = stream.id();
    if (fields != null) {
      boolean headersOnly = last && size == 0;
      encoder().writeHeaders(ctx, id, fields, 0, headersOnly, ctx.newPromise());
      if (headersOnly) {
        server.planFlush();
        return;
      }
    }
    if (size > 0 || last) {
      ChannelPromise written = ctx.newPromise();
      if (size > 0) {
        written.addListener(
            done -> {
              gate().left(size);
              if (!done.isSuccess()) {
                gone(done.cause());
              }
            });
      }
      encoder().writeData(ctx, id, data, 0, last, written);
    }
    server.planFlush();
  }

  private Http2ConnectionEncoder encoder() {
    return server.handler().encoder();
  }

  private interface LoopTask {
    void run(ChannelHandlerContext ctx);
  }

  private void onLoop(LoopTask task) {
    server
        .shared()
        .channel
        .eventLoop()
        .execute(
            () -> {
              ChannelHandlerContext ctx =
                  server.shared().channel.pipeline().context(server.handler());
              if (ctx != null) {
                task.run(ctx);
              }
            });
  }

  @Override
  protected void breakOff() {
    reset(Http2Error.INTERNAL_ERROR);
  }

  /**
   * Nobody will read the rest of the request. A reset says so, but some clients take it for a
   * failure and forget the response; so what is short is received and dropped.
   */
  @Override
  protected void ended() {
    if (!inbound().ended()) {
      handlerDone = true;
      server
          .shared()
          .channel
          .eventLoop()
          .schedule(
              () -> reset(Http2Error.NO_ERROR), DISCARD_TIME.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void reset(Http2Error error) {
    onLoop(
        ctx -> {
          if (stream.state() != Http2Stream.State.CLOSED) {
            server.handler().resetStream(ctx, stream.id(), error.code(), ctx.newPromise());
            server.planFlush();
          }
        });
  }

  // ---- upgrades belong to HTTP/1.1

  @Override
  public boolean isUpgrade(String protocol) {
    return false;
  }

  @Override
  public WebSocket acceptWebSocket(String subprotocol, HttpHeaders extra) {
    throw noUpgrade();
  }

  @Override
  public SpdyConnection acceptSpdy(HttpHeaders responseHeaders) {
    throw noUpgrade();
  }

  @Override
  public SpdyConnection acceptSpdyOverWebSocket(String subprotocol, HttpHeaders extra) {
    throw noUpgrade();
  }

  @Override
  public RawConnection acceptUpgrade(HttpHeaders responseHeaders) {
    throw noUpgrade();
  }

  private static IllegalStateException noUpgrade() {
    return new IllegalStateException("an HTTP/2 stream cannot be upgraded");
  }

  // ---- the connection

  @Override
  public List<X509Certificate> peerCertificates() {
    return server.shared().peerCertificates();
  }

  @Override
  public @Nullable String peerCertificateProblem() {
    return server.shared().peerCertificateProblem();
  }

  @Override
  public SocketAddress remoteAddress() {
    return server.shared().remoteAddress();
  }

  @Override
  public boolean secure() {
    return server.shared().secure();
  }
}
