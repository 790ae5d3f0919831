package io.kubra.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection of the server: a listener on Netty's frame codec that starts an exchange
 * for each stream. Runs on the connection's event loop.
 */
final class Http2Server extends Http2EventAdapter {
  static final int STREAM_WINDOW = 1024 * 1024;

  /** Small against the connection's window, of which every stream may withhold as much. */
  static final int REPORT_EVERY = 16 * 1024;

  static final int CONNECTION_WINDOW = 8 * 1024 * 1024;
  private static final int MAX_RESETS = 4000;
  private static final int RESETS_SECONDS = 30;

  /** How many times the permitted streams may wait for handlers of streams that were reset. */
  private static final int MOST_WAITING = 4;

  private record Unstarted(Http2Exchange exchange, HttpHandler answers) {}

  private final ServerConnection shared;
  private final Http2Connection connection;
  private final Http2Connection.PropertyKey exchangeKey;
  private final Http2ConnectionHandler handler;
  private @Nullable ConnectionDeadline deadline;
  private final AtomicInteger running = new AtomicInteger();
  private final ArrayDeque<Unstarted> unstarted = new ArrayDeque<>(0);
  private volatile boolean waiting;
  private boolean windowRaised;
  private boolean flushPlanned;

  Http2Server(ServerConnection shared) {
    this.shared = shared;
    this.connection = new DefaultHttp2Connection(true);
    this.exchangeKey = connection.newKey();
    connection
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(
                connection, new UniformStreamByteDistributor(connection)));
    connection.addListener(new Streams());
    this.handler =
        new Http2ConnectionHandlerBuilder()
            .connection(connection)
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(shared.config.maxConcurrentStreams)
                    .initialWindowSize(STREAM_WINDOW)
                    .maxHeaderListSize(shared.config.maxHeaderSize))
            // we judge fields ourselves, to answer where Netty would reset the stream
            .validateHeaders(false)
            .decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESETS_SECONDS)
            .frameListener(this)
            .build();
  }

  /** The handler for the pipeline. */
  Http2ConnectionHandler handler() {
    return handler;
  }

  ServerConnection shared() {
    return shared;
  }

  /** Starts the timer that closes a silent connection; after the handler was added. */
  void watchIdle(ChannelHandlerContext ctx) {
    ConnectionDeadline idle = new ConnectionDeadline(ctx, () -> ctx.channel().close());
    deadline = idle;
    idle.set(shared.config.headerTimeout);
  }

  // ---- frames

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
      throws Http2Exception {
    if (!windowRaised) {
      windowRaised = true;
      Http2Stream whole = connection.connectionStream();
      connection
          .local()
          .flowController()
          .incrementWindowSize(whole, CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
    }
    ConnectionDeadline idle = deadline;
    if (idle != null && connection.numActiveStreams() == 0) {
      idle.set(shared.config.idleTimeout);
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
      boolean endOfStream)
      throws Http2Exception {
    onHeadersRead(ctx, streamId, headers, padding, endOfStream);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int padding,
      boolean endOfStream)
      throws Http2Exception {
    Http2Stream stream = connection.stream(streamId);
    if (stream == null) {
      return;
    }
    Http2Exchange exchange = stream.getProperty(exchangeKey);
    if (exchange == null) {
      exchange = Http2Exchange.of(this, stream, headers);
      stream.setProperty(exchangeKey, exchange);
      ConnectionDeadline idle = deadline;
      if (idle != null) {
        idle.suspend();
      }
      if (endOfStream) {
        exchange.requestEnded();
      }
      String problem = Http2Fields.problem(headers);
      admit(exchange, problem == null ? shared.config.handler : refusal(problem));
    } else if (endOfStream) { // trailers
      exchange.requestEnded();
    }
  }

  private static HttpHandler refusal(String problem) {
    return x ->
        x.respond(
            400,
            HttpHeaders.of("Content-Type", "text/plain; charset=utf-8"),
            ("400 Bad Request: " + problem + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Starts a handler now or, when as many run as there may be streams, later: a client that resets
   * its streams makes room for new ones before their handlers have noticed.
   */
  private void admit(Http2Exchange exchange, HttpHandler answers) throws Http2Exception {
    if (running.get() < shared.config.maxConcurrentStreams && unstarted.isEmpty()) {
      start(exchange, answers);
      return;
    }
    if (unstarted.size() >= MOST_WAITING * shared.config.maxConcurrentStreams) {
      throw Http2Exception.connectionError(
          Http2Error.ENHANCE_YOUR_CALM, "too many streams reset before they were handled");
    }
    waiting = true;
    unstarted.add(new Unstarted(exchange, answers));
    startWaiting();
  }

  private void start(Http2Exchange exchange, HttpHandler answers) {
    running.incrementAndGet();
    Thread.startVirtualThread(
        () -> {
          try {
            exchange.run(answers);
          } finally {
            running.decrementAndGet();
            if (waiting) {
              shared.channel.eventLoop().execute(this::startWaiting);
            }
          }
        });
  }

  private void startWaiting() {
    while (running.get() < shared.config.maxConcurrentStreams) {
      Unstarted next = unstarted.poll();
      if (next == null) {
        waiting = false;
        return;
      }
      if (next.exchange.live()) {
        start(next.exchange, next.answers);
      } else {
        next.exchange.drop();
      }
    }
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
    Http2Stream stream = connection.stream(streamId);
    Http2Exchange exchange = stream == null ? null : stream.getProperty(exchangeKey);
    if (exchange == null) {
      return data.readableBytes() + padding;
    }
    exchange.arrived(data.retain());
    if (endOfStream) {
      exchange.requestEnded();
    }
    return padding;
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
    Http2Stream stream = connection.stream(streamId);
    Http2Exchange exchange = stream == null ? null : stream.getProperty(exchangeKey);
    if (exchange != null) {
      exchange.lost(new IOException("the client cancelled the request"));
    }
  }

  private final class Streams extends Http2ConnectionAdapter {
    @Override
    public void onStreamRemoved(Http2Stream stream) {
      Http2Exchange exchange = stream.removeProperty(exchangeKey);
      if (exchange != null) {
        exchange.streamClosed();
      }
      ConnectionDeadline idle = deadline;
      if (idle != null && connection.numActiveStreams() == 0) {
        idle.set(shared.config.idleTimeout);
      }
    }
  }

  // ---- for exchanges, on the event loop

  /** Whether a stream still takes frames. */
  boolean writable(Http2Stream stream) {
    return switch (stream.state()) {
      case OPEN, HALF_CLOSED_REMOTE -> true;
      default -> false;
    };
  }

  /** Flushes after the tasks that are already queued, which may have more to send. */
  void planFlush() {
    if (!flushPlanned) {
      flushPlanned = true;
      shared
          .channel
          .eventLoop()
          .execute(
              () -> {
                flushPlanned = false;
                shared.channel.flush();
              });
    }
  }

  void consumed(Http2Stream stream, int bytes) {
    shared
        .channel
        .eventLoop()
        .execute(
            () -> {
              try {
                if (stream.state() != Http2Stream.State.CLOSED
                    && connection.local().flowController().consumeBytes(stream, bytes)) {
                  planFlush();
                }
              } catch (Http2Exception e) {
                shared.channel.close();
              }
            });
  }
}
