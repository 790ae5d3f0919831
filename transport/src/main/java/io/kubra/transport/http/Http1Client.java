package io.kubra.transport.http;

import io.kubra.transport.io.ReadThrottle;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection of the client: one request at a time. */
final class Http1Client extends ChannelInboundHandlerAdapter implements ClientConnection {
  private static final long STALE_NANOS = 60_000_000_000L;

  /** Takes the connection over after a 101. */
  interface Switch {
    void switchTo(HttpHeaders answer, ChannelPipeline pipeline);
  }

  private final Channel channel;
  private final Origin origin;
  private final HttpClient.Builder config;
  private final Consumer<Http1Client> idle;
  private final AtomicBoolean reserved = new AtomicBoolean(true);
  private volatile boolean used;
  private volatile boolean reusable = true;
  private volatile long idleSince;

  // event loop only
  private @Nullable ClientCall call;
  private @Nullable Switch onSwitch;
  private @Nullable HttpHeaders switchAnswer;
  private boolean informational;
  private boolean requestSent;
  private boolean responseComplete;

  Http1Client(
      Channel channel, Origin origin, HttpClient.Builder config, Consumer<Http1Client> idle) {
    this.channel = channel;
    this.origin = origin;
    this.config = config;
    this.idle = idle;
  }

  // ---- the sender

  @Override
  public boolean reserve() {
    boolean stale = System.nanoTime() - idleSince > STALE_NANOS;
    if (stale || !reusable || !channel.isActive()) {
      channel.close();
      return false;
    }
    return reserved.compareAndSet(false, true);
  }

  @Override
  public boolean used() {
    return used;
  }

  @Override
  public void close() {
    reusable = false;
    channel.close();
  }

  @Override
  public ClientCall start(HttpRequest request) {
    return start(request, null);
  }

  ClientCall start(HttpRequest request, @Nullable Switch switching) {
    ClientCall[] self = new ClientCall[1];
    ClientCall started =
        new ClientCall(
            request,
            config,
            ReadThrottle.REPORT_EVERY,
            n -> ReadThrottle.taken(channel, self[0].body()));
    self[0] = started;
    channel.eventLoop().execute(() -> begin(started, switching));
    if (request.body() instanceof RequestBody.Streaming streaming) {
      started.sendBody(streaming, (piece, last) -> sendPiece(started, piece, last));
    }
    return started;
  }

  private void sendPiece(ClientCall of, byte[] piece, boolean last) {
    channel
        .eventLoop()
        .execute(
            () -> {
              ChannelFuture written =
                  channel.writeAndFlush(
                      last
                          ? new DefaultLastHttpContent(Unpooled.wrappedBuffer(piece))
                          : new DefaultHttpContent(Unpooled.wrappedBuffer(piece)));
              written.addListener(done -> of.gate().left(piece.length));
              if (last) {
                requestSent = true;
                finishIfComplete();
              }
            });
  }

  // ---- event loop

  private void begin(ClientCall next, @Nullable Switch switching) {
    if (!channel.isActive()) {
      next.failed(new IOException("the connection was closed"), true);
      return;
    }
    call = next;
    onSwitch = switching;
    responseComplete = false;
    HttpRequest request = next.request();
    HttpMethod method = HttpMethod.valueOf(request.method());
    String target = Http2Fields.target(request.uri());
    switch (request.body()) {
      case RequestBody.Bytes bytes -> {
        requestSent = true;
        DefaultFullHttpRequest full =
            new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, method, target, Unpooled.wrappedBuffer(bytes.content()));
        fields(request, full.headers());
        boolean mayBeAbsent = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (bytes.content().length > 0 || !mayBeAbsent) {
          full.headers().set(HttpHeaderNames.CONTENT_LENGTH, bytes.content().length);
        }
        channel.writeAndFlush(full);
      }
      case RequestBody.Streaming streaming -> {
        requestSent = false;
        DefaultHttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, target);
        fields(request, head.headers());
        if (streaming.length() >= 0) {
          head.headers().set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(streaming.length()));
        } else {
          HttpUtil.setTransferEncodingChunked(head, true);
        }
        channel.write(head);
      }
    }
  }

  private void fields(HttpRequest request, io.netty.handler.codec.http.HttpHeaders to) {
    request.headers().forEach(to::add);
    if (!to.contains(HttpHeaderNames.HOST)) {
      to.set(HttpHeaderNames.HOST, origin.authority());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ClientCall current = call;
    if (current == null) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpResponse response) {
      if (response.decoderResult().isFailure()) {
        ReferenceCountUtil.release(message);
        lost(response.decoderResult().cause(), false);
        ctx.close();
        return;
      }
      head(current, response);
    }
    if (message instanceof HttpContent content) {
      content(current, content);
    }
  }

  private void head(ClientCall current, HttpResponse response) {
    int status = response.status().code();
    HttpHeaders headers = new HttpHeaders();
    for (Map.Entry<String, String> field : response.headers()) {
      headers.add(field.getKey(), field.getValue());
    }
    if (status == 101 && onSwitch != null) {
      switchAnswer = headers;
      return;
    }
    informational = status < 200;
    if (informational) {
      return;
    }
    if (!HttpUtil.isKeepAlive(response)) {
      reusable = false;
    }
    current.answered(status, headers, response.protocolVersion().text(), this::close);
  }

  private void content(ClientCall current, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    HttpHeaders answer = switchAnswer;
    if (answer != null) {
      content.release();
      if (last) {
        leave(answer);
      }
      return;
    }
    if (informational) {
      content.release();
      return;
    }
    if (content.decoderResult().isFailure()) {
      content.release();
      lost(content.decoderResult().cause(), false);
      channel.close();
      return;
    }
    current.body().offer(content.content());
    ReadThrottle.queued(channel, current.body()::queued);
    if (last) {
      current.gate().fail(null);
      responseComplete = true;
      if (!requestSent) {
        reusable = false;
        channel.close();
      }
      finishIfComplete(); // first, so that the reader's next request finds the connection
      current.body().finish();
    }
  }

  private void leave(HttpHeaders answer) {
    Switch switching = onSwitch;
    ChannelPipeline pipeline = channel.pipeline();
    call = null;
    reusable = false;
    pipeline.remove(this);
    if (switching != null) {
      switching.switchTo(answer, pipeline);
    }
    pipeline.remove(HttpClientCodec.class);
  }

  private void finishIfComplete() {
    if (!responseComplete || !requestSent || call == null) {
      return;
    }
    call = null;
    used = true;
    idleSince = System.nanoTime();
    ReadThrottle.resume(channel);
    if (reusable) {
      reserved.set(false);
      idle.accept(this);
    } else {
      channel.close();
    }
  }

  private void lost(@Nullable Throwable cause, boolean mayRetry) {
    reusable = false;
    ClientCall current = call;
    call = null;
    if (current != null) {
      current.failed(cause, mayRetry);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      ctx.close();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    lost(new IOException("the server closed the connection"), true);
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    lost(cause, true);
    ctx.close();
  }
}
