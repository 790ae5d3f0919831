package io.kubra.transport.spdy;

import io.kubra.transport.io.GentleClose;
import io.kubra.transport.io.OutboundGate;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.spdy.DefaultSpdyGoAwayFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdyWindowUpdateFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyHeadersFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySessionStatus;
import io.netty.handler.codec.spdy.SpdySettingsFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyWindowUpdateFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A SPDY/3.1 session: the last handler of its pipeline, and the blocking face of it. The table of
 * streams belongs to the event loop; stream users reach the loop by writing frames to the channel.
 */
final class SpdySession extends ChannelInboundHandlerAdapter implements SpdyConnection {
  private static final int WHOLE_CONNECTION = 0;
  private static final int EXTRA_WINDOW = 1024 * 1024;
  private static final int MAX_STREAMS = 1000;
  private static final long REPLY_SECONDS = 30;

  private final Channel channel;
  private final boolean server;
  private final Map<Integer, SpdySessionStream> streams = new HashMap<>();
  private final LinkedBlockingQueue<Optional<SpdyStream>> incoming = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final SendWindows windows = new SendWindows();
  private final OutboundGate gate =
      new OutboundGate(
          OutboundGate.DEFAULT_LIMIT, cause -> new SpdyException("the connection is closed"));
  private int nextId;
  private int lastAccepted;
  private int unreturned;
  private boolean goodbyeHeard;

  SpdySession(Channel channel, boolean server) {
    this.channel = channel;
    this.server = server;
    this.nextId = server ? 2 : 1;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (!channel.isActive()) {
      end(null);
      return;
    }
    // a larger window for the connection, and the sign that this side does flow control; later,
    // because at this moment the HTTP codec is still in the way
    ctx.executor()
        .execute(
            () ->
                ctx.writeAndFlush(
                    new DefaultSpdyWindowUpdateFrame(WHOLE_CONNECTION, EXTRA_WINDOW)));
  }

  // ---- what the peer sends, on the event loop

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    switch (message) {
      case SpdyDataFrame data -> data(data);
      case SpdySynStreamFrame syn -> opened(syn);
      case SpdySynReplyFrame reply -> replied(reply);
      case SpdyRstStreamFrame reset -> reset(reset);
      case SpdyWindowUpdateFrame update -> windowUpdate(update);
      case SpdyPingFrame ping -> ping(ping);
      case SpdySettingsFrame settings -> settings(settings);
      case SpdyGoAwayFrame goAway -> goodbye();
      case SpdyHeadersFrame more -> finishIf(more.isLast(), more.streamId());
      default -> ReferenceCountUtil.release(message);
    }
  }

  private void data(SpdyDataFrame data) {
    SpdySessionStream stream = streams.get(data.streamId());
    if (stream == null) {
      int length = data.content().readableBytes();
      data.release();
      consumed(null, length);
      return;
    }
    boolean last = data.isLast();
    stream.arrived(data.content());
    finishIf(last, stream.id());
  }

  private void finishIf(boolean last, int id) {
    SpdySessionStream stream = streams.get(id);
    if (last && stream != null) {
      stream.remoteEnded();
      removeIfOver(stream);
    }
  }

  private void opened(SpdySynStreamFrame syn) {
    int id = syn.streamId();
    boolean peersNumber = (id % 2 == 1) == server;
    if (syn.isInvalid() || syn.isTruncated() || !peersNumber || id <= lastAccepted) {
      channel.writeAndFlush(new DefaultSpdyRstStreamFrame(id, SpdyStreamStatus.PROTOCOL_ERROR));
      return;
    }
    if (streams.size() >= MAX_STREAMS || goodbyeHeard) {
      channel.writeAndFlush(new DefaultSpdyRstStreamFrame(id, SpdyStreamStatus.REFUSED_STREAM));
      return;
    }
    lastAccepted = id;
    SpdySessionStream stream = new SpdySessionStream(this, id, headers(syn), windows.open());
    streams.put(id, stream);
    DefaultSpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(id, false);
    // an empty header block would be encoded as no bytes at all, which Go's library waits on for
    // ever
    reply.headers().set("accepted", "true");
    channel.writeAndFlush(reply);
    if (syn.isLast()) {
      stream.remoteEnded();
    }
    incoming.add(Optional.of(stream));
  }

  private static Map<String, String> headers(SpdyHeadersFrame frame) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<CharSequence, CharSequence> field : frame.headers()) {
      headers.putIfAbsent(
          field.getKey().toString().toLowerCase(Locale.ROOT), field.getValue().toString());
    }
    return headers;
  }

  private void replied(SpdySynReplyFrame reply) {
    SpdySessionStream stream = streams.get(reply.streamId());
    if (stream != null) {
      stream.replied().complete(null);
      finishIf(reply.isLast(), stream.id());
    }
  }

  private void reset(SpdyRstStreamFrame reset) {
    SpdySessionStream stream = streams.remove(reset.streamId());
    if (stream != null) {
      stream.peerGone(null);
      stream
          .replied()
          .completeExceptionally(
              new SpdyException("the peer refused the stream: " + reset.status().statusPhrase()));
    }
  }

  private void windowUpdate(SpdyWindowUpdateFrame update) {
    if (update.streamId() == WHOLE_CONNECTION) {
      windows.growConnection(update.deltaWindowSize());
      return;
    }
    SpdySessionStream stream = streams.get(update.streamId());
    if (stream != null) {
      windows.grow(stream.window(), update.deltaWindowSize());
    }
  }

  private void ping(SpdyPingFrame ping) {
    boolean fromPeer = (Math.abs(ping.id()) % 2 == 1) == server;
    if (fromPeer) {
      channel.writeAndFlush(new DefaultSpdyPingFrame(ping.id()));
    }
  }

  private void settings(SpdySettingsFrame settings) {
    int size = settings.getValue(SpdySettingsFrame.SETTINGS_INITIAL_WINDOW_SIZE);
    if (size >= 0) {
      windows.initial(size, streams.values().stream().map(SpdySessionStream::window).toList());
    }
  }

  private void goodbye() {
    goodbyeHeard = true;
    incoming.add(Optional.empty());
    streams.values().forEach(SpdySessionStream::remoteEnded);
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
    end(null);
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    end(cause);
    ctx.close();
  }

  private void end(@Nullable Throwable cause) {
    gate.fail(cause);
    for (SpdySessionStream stream : streams.values()) {
      stream.peerGone(cause);
      stream.replied().completeExceptionally(new SpdyException("the connection is closed"));
    }
    streams.clear();
    incoming.add(Optional.empty());
    closed.complete(null);
  }

  // ---- what streams send, on any thread

  SendWindows windows() {
    return windows;
  }

  OutboundGate gate() {
    return gate;
  }

  Channel channel() {
    return channel;
  }

  /** Gives bytes that were read back to the peer's windows, in portions worth a frame. */
  void consumed(@Nullable SpdySessionStream stream, int bytes) {
    if (bytes > 0 && channel.isActive()) {
      channel.eventLoop().execute(() -> giveBack(stream, bytes));
    }
  }

  private void giveBack(@Nullable SpdySessionStream stream, int bytes) {
    unreturned += bytes;
    int portion = stream == null ? 0 : stream.returnable(bytes);
    if (stream != null && portion > 0 && streams.containsKey(stream.id())) {
      channel.write(new DefaultSpdyWindowUpdateFrame(stream.id(), portion));
    }
    // counted over all streams: many small remainders could otherwise use the window up
    if (portion > 0 || unreturned >= SpdySessionStream.PORTION) {
      channel.writeAndFlush(new DefaultSpdyWindowUpdateFrame(WHOLE_CONNECTION, unreturned));
      unreturned = 0;
    }
  }

  /**
   * Sends a frame in which this side ends a stream; {@code over} when the peer's side is void too.
   */
  void endLocally(SpdySessionStream stream, Object frame, boolean over) {
    channel
        .eventLoop()
        .execute(
            () -> {
              channel.writeAndFlush(frame);
              if (over) {
                streams.remove(stream.id());
              } else {
                removeIfOver(stream);
              }
            });
  }

  private void removeIfOver(SpdySessionStream stream) {
    if (stream.over()) {
      streams.remove(stream.id());
    }
  }

  // ---- the connection's user

  @Override
  public @Nullable SpdyStream accept() {
    try {
      Optional<SpdyStream> next = incoming.take();
      if (next.isEmpty()) {
        incoming.add(next); // for whoever asks again
        return null;
      }
      return next.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  @Override
  public SpdyStream open(Map<String, String> headers) {
    CompletableFuture<SpdySessionStream> opened = new CompletableFuture<>();
    channel
        .eventLoop()
        .execute(
            () -> {
              if (!channel.isActive() || goodbyeHeard) {
                opened.completeExceptionally(new SpdyException("the connection is closed"));
                return;
              }
              int id = nextId;
              nextId += 2;
              SpdySessionStream stream = new SpdySessionStream(this, id, headers, windows.open());
              streams.put(id, stream);
              DefaultSpdySynStreamFrame syn = new DefaultSpdySynStreamFrame(id, 0, (byte) 0, false);
              headers.forEach((name, value) -> syn.headers().set(lower(name), value));
              channel.writeAndFlush(syn);
              opened.complete(stream);
            });
    try {
      SpdySessionStream stream = opened.join();
      stream.replied().orTimeout(REPLY_SECONDS, TimeUnit.SECONDS).join();
      return stream;
    } catch (CompletionException e) {
      if (e.getCause() instanceof SpdyException refused) {
        throw refused;
      }
      throw new SpdyException("the peer did not reply to a new stream");
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean isOpen() {
    return channel.isActive() && !closed.isDone();
  }

  @Override
  public void onClose(Runnable callback) {
    closed.thenRun(() -> Thread.startVirtualThread(callback));
  }

  @Override
  public void close() {
    channel
        .eventLoop()
        .execute(
            () -> {
              if (channel.isActive()) {
                channel.write(new DefaultSpdyGoAwayFrame(lastAccepted, SpdySessionStatus.OK));
                streams.values().forEach(stream -> stream.peerGone(new IOException("closed")));
                streams.clear();
                GentleClose.close(channel);
              }
            });
  }
}
