package io.kubra.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection of the client, carrying many requests. A server that stops answering pings
 * is taken for dead, so that watches do not wait for ever.
 */
final class Http2Client extends Http2EventAdapter implements ClientConnection {
  private static final int STREAM_WINDOW = 1024 * 1024;
  private static final int CONNECTION_WINDOW = 16 * 1024 * 1024;
  private static final int MAX_HEADERS = 1024 * 1024;
  private static final int MODEST_STREAMS = 100;
  private static final int LAST_ID = 1 << 30;
  private static final int IDLE_TICKS = 3;
  private static final Duration PONG_WITHIN = Duration.ofSeconds(15);

  private final Channel channel;
  private final Origin origin;
  private final HttpClient.Builder config;
  private final Http2Connection connection = new DefaultHttp2Connection(false);
  private final Http2Connection.PropertyKey callKey = connection.newKey();
  private final Http2ConnectionHandler handler;
  private final CompletableFuture<ClientConnection> ready;
  private final Runnable roomAgain;
  private final AtomicInteger open = new AtomicInteger();
  private volatile int maxStreams = MODEST_STREAMS;
  private volatile boolean leaving;
  private volatile boolean used;

  // event loop only
  private boolean flushPlanned;
  private boolean pongAwaited;
  private int idleTicks;

  Http2Client(
      Channel channel,
      Origin origin,
      HttpClient.Builder config,
      CompletableFuture<ClientConnection> ready,
      Runnable roomAgain) {
    this.channel = channel;
    this.origin = origin;
    this.config = config;
    this.ready = ready;
    this.roomAgain = roomAgain;
    connection
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(
                connection, new UniformStreamByteDistributor(connection)));
    connection.addListener(new Streams());
    handler =
        new Http2ConnectionHandlerBuilder()
            .connection(connection)
            .initialSettings(
                Http2Settings.defaultSettings()
                    .pushEnabled(false)
                    .initialWindowSize(STREAM_WINDOW)
                    .maxHeaderListSize(MAX_HEADERS))
            .gracefulShutdownTimeoutMillis(0)
            .frameListener(this)
            .build();
  }

  Http2ConnectionHandler handler() {
    return handler;
  }

  // ---- the sender

  @Override
  public boolean reserve() {
    while (!leaving && channel.isActive()) {
      int now = open.get();
      if (now >= maxStreams) {
        return false;
      }
      if (open.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it will never take a request again. */
  boolean finished() {
    return leaving || !channel.isActive();
  }

  @Override
  public boolean used() {
    return used;
  }

  @Override
  public void close() {
    leaving = true;
    channel.close();
  }

  @Override
  public ClientCall start(HttpRequest request) {
    Http2Stream[] stream = new Http2Stream[1];
    ClientCall call =
        new ClientCall(request, config, Http2Server.REPORT_EVERY, n -> consumed(stream, n));
    used = true;
    channel.eventLoop().execute(() -> begin(call, stream));
    if (request.body() instanceof RequestBody.Streaming streaming) {
      call.sendBody(streaming, (piece, last) -> sendPiece(call, stream, piece, last));
    }
    return call;
  }

  private void sendPiece(ClientCall call, Http2Stream[] stream, byte[] piece, boolean last) {
    channel
        .eventLoop()
        .execute(
            () -> {
              ChannelHandlerContext ctx = channel.pipeline().context(handler);
              Http2Stream to = stream[0];
              if (ctx == null || to == null || !takesData(to)) {
                call.gate().left(piece.length);
                return;
              }
              ChannelPromise written = ctx.newPromise();
              written.addListener(done -> call.gate().left(piece.length));
              ByteBuf data = Unpooled.wrappedBuffer(piece);
              handler.encoder().writeData(ctx, to.id(), data, 0, last, written);
              planFlush(ctx);
            });
  }

  private static boolean takesData(Http2Stream stream) {
    return switch (stream.state()) {
      case OPEN, HALF_CLOSED_REMOTE -> true;
      default -> false;
    };
  }

  // ---- event loop

  private void begin(ClientCall call, Http2Stream[] holder) {
    ChannelHandlerContext ctx = channel.pipeline().context(handler);
    int id = connection.local().incrementAndGetNextStreamId();
    if (ctx == null || id < 0 || connection.goAwayReceived()) {
      leaving = true;
      open.decrementAndGet();
      call.failed(new IOException("the connection is going away"), true);
      return;
    }
    if (id > LAST_ID) {
      leaving = true;
    }
    HttpRequest request = call.request();
    byte[] content = request.body() instanceof RequestBody.Bytes bytes ? bytes.content() : null;
    Http2Headers fields =
        Http2Fields.request(
            request.method(),
            request.uri(),
            request.headers().getOr("Host", origin.authority()),
            request.headers(),
            contentLength(request));
    boolean bodiless = content != null && content.length == 0;
    ChannelPromise sent = ctx.newPromise();
    sent.addListener(
        done -> {
          if (!done.isSuccess()) {
            call.failed(done.cause(), true);
            if (connection.stream(id) == null) {
              released();
            }
          }
        });
    handler.encoder().writeHeaders(ctx, id, fields, 0, bodiless, sent);
    Http2Stream stream = connection.stream(id);
    if (stream == null) {
      return;
    }
    holder[0] = stream;
    stream.setProperty(callKey, call);
    if (content != null && !bodiless) {
      ByteBuf data = Unpooled.wrappedBuffer(content);
      handler.encoder().writeData(ctx, id, data, 0, true, ctx.newPromise());
    }
    planFlush(ctx);
  }

  private static long contentLength(HttpRequest request) {
    boolean mayBeAbsent = request.method().equals("GET") || request.method().equals("HEAD");
    return switch (request.body()) {
      case RequestBody.Bytes bytes ->
          bytes.content().length == 0 && mayBeAbsent ? -1 : bytes.content().length;
      case RequestBody.Streaming streaming -> streaming.length();
    };
  }

  private void planFlush(ChannelHandlerContext ctx) {
    if (!flushPlanned) {
      flushPlanned = true;
      ctx.executor()
          .execute(
              () -> {
                flushPlanned = false;
                channel.flush();
              });
    }
  }

  private void consumed(Http2Stream[] holder, int bytes) {
    channel
        .eventLoop()
        .execute(
            () -> {
              Http2Stream stream = holder[0];
              try {
                if (stream != null
                    && stream.state() != Http2Stream.State.CLOSED
                    && connection.local().flowController().consumeBytes(stream, bytes)) {
                  channel.flush();
                }
              } catch (Http2Exception e) {
                close();
              }
            });
  }

  private void released() {
    open.decrementAndGet();
    roomAgain.run();
  }

  private @Nullable ClientCall call(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(callKey);
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
      throws Http2Exception {
    Long allowed = settings.maxConcurrentStreams();
    if (allowed != null) {
      maxStreams = (int) Math.min(allowed, Integer.MAX_VALUE);
    } else if (!ready.isDone()) {
      maxStreams = Integer.MAX_VALUE;
    }
    if (!ready.isDone()) {
      connection
          .local()
          .flowController()
          .incrementWindowSize(
              connection.connectionStream(),
              CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
      planFlush(ctx);
      planPing(ctx);
      ready.complete(this);
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean endOfStream) {
    onHeadersRead(ctx, streamId, headers, padding, endOfStream);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int padding,
      boolean endOfStream) {
    Http2Stream stream = connection.stream(streamId);
    ClientCall call = call(stream);
    if (call == null) {
      return;
    }
    CharSequence status = headers.status();
    int code = status == null ? 0 : Integer.parseInt(status.toString());
    if (code >= 200) {
      if (endOfStream) {
        call.body().finish();
      }
      call.answered(code, Http2Fields.plain(headers), "HTTP/2", () -> cancel(streamId));
    } else if (endOfStream) { // trailers
      call.body().finish();
    }
  }

  private void cancel(int streamId) {
    channel
        .eventLoop()
        .execute(
            () -> {
              ChannelHandlerContext ctx = channel.pipeline().context(handler);
              if (ctx != null && connection.stream(streamId) != null) {
                handler.resetStream(ctx, streamId, Http2Error.CANCEL.code(), ctx.newPromise());
                planFlush(ctx);
              }
            });
  }

  /** Gives up a request that has not been answered. */
  void cancel(ClientCall call) {
    channel
        .eventLoop()
        .execute(
            () -> {
              try {
                connection.forEachActiveStream(
                    stream -> {
                      if (call(stream) == call) {
                        cancel(stream.id());
                      }
                      return true;
                    });
              } catch (Http2Exception e) {
                close();
              }
            });
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
    ClientCall call = call(connection.stream(streamId));
    if (call == null) {
      return data.readableBytes() + padding;
    }
    call.body().offer(data.retain());
    if (endOfStream) {
      call.body().finish();
    }
    return padding;
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
    ClientCall call = call(connection.stream(streamId));
    if (call != null) {
      Http2Error error = Http2Error.valueOf(errorCode);
      call.failed(
          new IOException("the server reset the stream: " + error),
          error == Http2Error.REFUSED_STREAM);
    }
  }

  private final class Streams extends Http2ConnectionAdapter {
    private int lastKnown = Integer.MAX_VALUE;

    @Override
    public void onStreamRemoved(Http2Stream stream) {
      ClientCall call = stream.removeProperty(callKey);
      if (call != null) {
        boolean refused = stream.id() > lastKnown;
        call.failed(new IOException("the connection was closed"), refused || !channel.isActive());
      }
      released();
    }

    @Override
    public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
      lastKnown = lastStreamId;
      leaving = true;
      if (connection.numActiveStreams() == 0) {
        channel.close();
      }
    }
  }

  // ---- keep-alive

  private void planPing(ChannelHandlerContext ctx) {
    ctx.executor().schedule(() -> tick(ctx), config.pingInterval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tick(ChannelHandlerContext ctx) {
    if (!channel.isActive()) {
      return;
    }
    if (connection.numActiveStreams() == 0) {
      idleTicks++;
      if (leaving || idleTicks >= IDLE_TICKS) {
        close();
        return;
      }
    } else {
      idleTicks = 0;
      pongAwaited = true;
      handler.encoder().writePing(ctx, false, System.nanoTime(), ctx.newPromise());
      ctx.flush();
      Duration limit =
          PONG_WITHIN.compareTo(config.pingInterval) < 0 ? PONG_WITHIN : config.pingInterval;
      ctx.executor().schedule(this::pongOrDeath, limit.toMillis(), TimeUnit.MILLISECONDS);
    }
    planPing(ctx);
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) {
    pongAwaited = false;
  }

  private void pongOrDeath() {
    if (pongAwaited && channel.isActive()) {
      leaving = true;
      ChannelHandlerContext ctx = Objects.requireNonNull(channel.pipeline().context(handler));
      ctx.close(); // past the handler, which would try to say goodbye first
    }
  }
}
