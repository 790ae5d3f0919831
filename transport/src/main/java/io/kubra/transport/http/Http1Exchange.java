package io.kubra.transport.http;

import io.kubra.transport.io.InboundBytes;
import io.kubra.transport.io.RawChannel;
import io.kubra.transport.io.RawConnection;
import io.kubra.transport.io.ReadThrottle;
import io.kubra.transport.spdy.SpdyConnection;
import io.kubra.transport.spdy.SpdyUpgrade;
import io.kubra.transport.websocket.WebSocket;
import io.kubra.transport.websocket.WebSocketUpgrade;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request on an HTTP/1.1 connection. */
final class Http1Exchange extends BaseExchange {
  private final Http1Server server;
  private final Channel channel;
  private final boolean old;
  private final long announced;
  private boolean keepAlive;
  private volatile long received;
  private volatile boolean continuePending;
  private @Nullable AutoCloseable upgraded;

  private Http1Exchange(
      Http1Server server, HttpRequest request, HttpHeaders headers, InboundBytes body) {
    super(
        RequestLine.of(request.method().name(), request.uri(), request.protocolVersion().text()),
        headers,
        body);
    this.server = server;
    this.channel = server.connection().channel;
    this.old = Http1Server.old(request);
    this.keepAlive = HttpUtil.isKeepAlive(request);
    this.announced = HttpUtil.getContentLength(request, 0L);
    if (HttpUtil.is100ContinueExpected(request)) {
      continuePending = true;
      body.beforeFirstWait(this::sendContinue);
    }
  }

  static Http1Exchange of(Http1Server server, HttpRequest request) {
    Channel channel = server.connection().channel;
    InboundBytes[] self = new InboundBytes[1];
    InboundBytes body =
        new InboundBytes(
            server.connection().config.bodyTimeout,
            ReadThrottle.REPORT_EVERY,
            n -> ReadThrottle.taken(channel, self[0]));
    self[0] = body;
    HttpHeaders headers = new HttpHeaders();
    for (Map.Entry<String, String> field : request.headers()) {
      headers.add(field.getKey(), field.getValue());
    }
    return new Http1Exchange(server, request, headers, body);
  }

  @Override
  protected Duration answerPatience() {
    return server.connection().config.bodyTimeout;
  }

  // ---- the request, on the event loop

  @SuppressWarnings("NonAtomicVolatileUpdate") // one event loop writes it
  void arrived(ByteBuf bytes) {
    received += bytes.readableBytes();
    inbound().offer(bytes);
  }

  void requestEnded() {
    inbound().finish();
  }

  int queuedBytes() {
    return inbound().queued();
  }

  void malformed(Throwable cause) {
    inbound().fail(new MalformedBodyException("malformed request body", cause));
  }

  void lost(Throwable cause) {
    gone(cause);
  }

  void clientClosedItsSide() {
    inputClosed();
  }

  // ---- the response, on the handler's thread

  private void sendContinue() {
    continuePending = false;
    channel.eventLoop().execute(() -> channel.writeAndFlush(continueResponse()));
  }

  private static HttpResponse continueResponse() {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
  }

  @Override
  protected void send(@Nullable Head head, ByteBuf data, boolean last) {
    HttpResponse response = head == null ? null : response(head, last ? data : null);
    int size = data.readableBytes();
    channel.eventLoop().execute(() -> write(response, data, size, last));
  }

  private void write(@Nullable HttpResponse response, ByteBuf data, int size, boolean last) {
    ChannelFuture written;
    if (response instanceof DefaultFullHttpResponse full) {
      written = channel.writeAndFlush(full);
    } else {
      if (response != null) {
        channel.write(response, channel.voidPromise());
      }
      written =
          last
              ? channel.writeAndFlush(
                  size == 0 ? LastHttpContent.EMPTY_LAST_CONTENT : new DefaultLastHttpContent(data))
              : size == 0
                  ? channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                  : channel.writeAndFlush(new DefaultHttpContent(data));
    }
    if (size > 0) {
      written.addListener(
          done -> {
            gate().left(size);
            if (!done.isSuccess()) {
              gone(done.cause());
            }
          });
    }
  }

  private HttpResponse response(Head head, @Nullable ByteBuf whole) {
    HttpResponseStatus status = HttpResponseStatus.valueOf(head.status());
    boolean full = whole != null;
    HttpResponse response =
        full
            ? new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, whole)
            : new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    io.netty.handler.codec.http.HttpHeaders fields = response.headers();
    head.headers().forEach(fields::add);
    if (!fields.contains(HttpHeaderNames.DATE)) {
      fields.set(HttpHeaderNames.DATE, HttpDate.now());
    }
    if (head.contentLength() >= 0) {
      fields.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(head.contentLength()));
    } else if (!fields.contains(HttpHeaderNames.CONTENT_LENGTH) && mayHaveBody(head.status())) {
      if (old) {
        keepAlive = false;
      } else {
        HttpUtil.setTransferEncodingChunked(response, true);
      }
    }
    boolean muchUnread = announced - received > Http1Server.MAX_DISCARD;
    if (muchUnread || continuePending || server.draining() || !HttpUtil.isKeepAlive(response)) {
      keepAlive = false;
    }
    if (!keepAlive) {
      fields.set(HttpHeaderNames.CONNECTION, "close");
    } else if (old) {
      fields.set(HttpHeaderNames.CONNECTION, "keep-alive");
    }
    return response;
  }

  private static boolean mayHaveBody(int status) {
    return status >= 200 && status != 204 && status != 304;
  }

  @Override
  protected void breakOff() {
    channel.close();
  }

  @Override
  protected void ended() {
    AutoCloseable connection = upgraded;
    if (connection == null) {
      channel.eventLoop().execute(() -> server.done(keepAlive));
      return;
    }
    try {
      connection.close();
    } catch (Exception e) {
      channel.close();
    }
  }

  // ---- upgrades

  @Override
  public boolean isUpgrade(String protocol) {
    return headers().hasToken("Connection", "upgrade") && headers().hasToken("Upgrade", protocol);
  }

  @Override
  public WebSocket acceptWebSocket(String subprotocol, HttpHeaders extra) {
    return switchProtocols(
        webSocketAnswer(subprotocol, extra),
        pipeline -> WebSocketUpgrade.install(pipeline, false, subprotocol));
  }

  @Override
  public SpdyConnection acceptSpdyOverWebSocket(String subprotocol, HttpHeaders extra) {
    return switchProtocols(
        webSocketAnswer(subprotocol, extra),
        pipeline -> {
          WebSocketUpgrade.installTunnel(pipeline, false);
          return SpdyUpgrade.install(pipeline, true);
        });
  }

  private HttpHeaders webSocketAnswer(String subprotocol, HttpHeaders extra) {
    String key = headers().get("Sec-WebSocket-Key");
    if (!isUpgrade("websocket") || key == null || !method().equals("GET")) {
      throw refuse(400, new HttpHeaders(), "the request is not a WebSocket handshake");
    }
    if (!headers().getOr("Sec-WebSocket-Version", "").equals("13")) {
      throw refuse(
          426,
          HttpHeaders.of("Sec-WebSocket-Version", "13"),
          "only version 13 of WebSocket is supported");
    }
    HttpHeaders answer =
        extra
            .copy()
            .set("Upgrade", "websocket")
            .set("Connection", "Upgrade")
            .set("Sec-WebSocket-Accept", WebSocketUpgrade.accept(key));
    return subprotocol.isEmpty() ? answer : answer.set("Sec-WebSocket-Protocol", subprotocol);
  }

  private UpgradeException refuse(int status, HttpHeaders answer, String message) {
    byte[] body = message.getBytes(StandardCharsets.UTF_8);
    respond(status, answer.set("Content-Type", "text/plain; charset=utf-8"), body);
    return new UpgradeException(message, status, body);
  }

  @Override
  public SpdyConnection acceptSpdy(HttpHeaders responseHeaders) {
    HttpHeaders answer =
        responseHeaders.copy().set("Upgrade", "SPDY/3.1").set("Connection", "Upgrade");
    return switchProtocols(answer, pipeline -> SpdyUpgrade.install(pipeline, true));
  }

  @Override
  public RawConnection acceptUpgrade(HttpHeaders responseHeaders) {
    return switchProtocols(
        responseHeaders,
        pipeline -> {
          RawChannel raw = new RawChannel(channel);
          pipeline.addLast(raw);
          return raw;
        });
  }

  private <T extends AutoCloseable> T switchProtocols(
      HttpHeaders answer, Function<ChannelPipeline, T> install) {
    takeOver();
    CompletableFuture<T> switched = new CompletableFuture<>();
    channel
        .eventLoop()
        .execute(
            () -> {
              if (!channel.isActive()) {
                switched.completeExceptionally(new IOException("the client went away"));
                return;
              }
              DefaultFullHttpResponse response =
                  new DefaultFullHttpResponse(
                      HttpVersion.HTTP_1_1,
                      HttpResponseStatus.SWITCHING_PROTOCOLS,
                      Unpooled.EMPTY_BUFFER);
              answer.forEach(response.headers()::add);
              channel.writeAndFlush(response);
              ChannelPipeline pipeline = channel.pipeline();
              server.leave();
              T result = install.apply(pipeline);
              ReadThrottle.resume(channel);
              pipeline.remove(HttpServerCodec.class);
              channel.closeFuture().addListener(closed -> gone(null));
              switched.complete(result);
            });
    try {
      T result = switched.join();
      upgraded = result;
      return result;
    } catch (CompletionException e) {
      throw new ClientGoneException("the client went away during the upgrade", e);
    }
  }

  // ---- the connection

  @Override
  public List<X509Certificate> peerCertificates() {
    return server.connection().peerCertificates();
  }

  @Override
  public @Nullable String peerCertificateProblem() {
    return server.connection().peerCertificateProblem();
  }

  @Override
  public SocketAddress remoteAddress() {
    return server.connection().remoteAddress();
  }

  @Override
  public boolean secure() {
    return server.connection().secure();
  }
}
