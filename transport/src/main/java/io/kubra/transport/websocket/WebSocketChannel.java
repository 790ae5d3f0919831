package io.kubra.transport.websocket;

import io.kubra.transport.io.GentleClose;
import io.kubra.transport.io.OutboundGate;
import io.kubra.transport.io.ReadThrottle;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The last handler of a WebSocket's pipeline, and the blocking face of it. */
final class WebSocketChannel extends ChannelInboundHandlerAdapter implements WebSocket {
  private static final int VANISHED = 1006;
  private static final int TOO_BIG = 1009;

  private final Channel channel;
  private final String subprotocol;
  private final OutboundGate gate =
      new OutboundGate(
          OutboundGate.DEFAULT_LIMIT,
          cause -> new WebSocketClosedException("the WebSocket is closed"));
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Frame> queue = new ArrayDeque<>();
  private int queuedBytes;
  private int closeCode = -1;
  private boolean goodbyeSaid;

  // event loop only
  private @Nullable CompositeByteBuf partial;
  private boolean partialIsText;

  WebSocketChannel(Channel channel, String subprotocol) {
    this.channel = channel;
    this.subprotocol = subprotocol;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (!channel.isActive()) {
      ended(VANISHED);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    switch (message) {
      case TextWebSocketFrame text -> begin(text, true);
      case BinaryWebSocketFrame binary -> begin(binary, false);
      case ContinuationWebSocketFrame more -> append(more);
      case PingWebSocketFrame ping -> ctx.writeAndFlush(new PongWebSocketFrame(ping.content()));
      case CloseWebSocketFrame close -> {
        int code = close.statusCode();
        close.release();
        ended(code < 0 ? 1005 : code);
        sayGoodbye(code < 0 ? 1000 : code, "");
        ctx.close();
      }
      default -> ReferenceCountUtil.release(message);
    }
  }

  private void begin(WebSocketFrame frame, boolean text) {
    if (frame.isFinalFragment()) {
      deliver(frame.content(), text);
    } else {
      partialIsText = text;
      partial = channel.alloc().compositeBuffer(1024).addComponent(true, frame.content());
    }
  }

  private void append(ContinuationWebSocketFrame frame) {
    CompositeByteBuf whole = partial;
    if (whole == null) {
      frame.release();
      return;
    }
    whole.addComponent(true, frame.content());
    if (whole.readableBytes() > WebSocketUpgrade.MAX_MESSAGE) {
      partial = null;
      whole.release();
      close(TOO_BIG, "message too big");
    } else if (frame.isFinalFragment()) {
      partial = null;
      deliver(whole, partialIsText);
    }
  }

  private void deliver(ByteBuf content, boolean text) {
    byte[] bytes = ByteBufUtil.getBytes(content);
    content.release();
    Frame frame =
        text ? new Frame.Text(new String(bytes, StandardCharsets.UTF_8)) : new Frame.Binary(bytes);
    lock.lock();
    try {
      queue.add(frame);
      queuedBytes += bytes.length;
      arrived.signal();
    } finally {
      lock.unlock();
    }
    ReadThrottle.queued(channel, this::queuedBytes);
  }

  private int queuedBytes() {
    lock.lock();
    try {
      return queuedBytes;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable Frame receive() {
    Frame frame;
    boolean resume;
    lock.lock();
    try {
      while (queue.isEmpty()) {
        if (closeCode >= 0) {
          return null;
        }
        arrived.await();
      }
      frame = queue.remove();
      queuedBytes -= size(frame);
      resume = queuedBytes <= ReadThrottle.LOW;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      lock.unlock();
    }
    if (resume && !channel.config().isAutoRead()) {
      ReadThrottle.resume(channel);
    }
    return frame;
  }

  private static int size(Frame frame) {
    return switch (frame) {
      case Frame.Text text -> text.text().getBytes(StandardCharsets.UTF_8).length;
      case Frame.Binary binary -> binary.bytes().length;
    };
  }

  @Override
  public String subprotocol() {
    return subprotocol;
  }

  @Override
  public void sendBinary(byte[]... chunks) {
    send(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(chunks)));
  }

  @Override
  public void sendText(String text) {
    send(new TextWebSocketFrame(text));
  }

  @Override
  public void ping() {
    send(new PingWebSocketFrame());
  }

  private void send(WebSocketFrame frame) {
    int size = frame.content().readableBytes();
    gate.enter(size);
    channel
        .writeAndFlush(frame)
        .addListener(
            done -> {
              gate.left(size);
              if (!done.isSuccess()) {
                gate.fail(done.cause());
              }
            });
  }

  @Override
  public void close(int code, String reason) {
    sayGoodbye(code, reason);
    GentleClose.close(channel);
  }

  private void sayGoodbye(int code, String reason) {
    lock.lock();
    try {
      if (goodbyeSaid) {
        return;
      }
      goodbyeSaid = true;
    } finally {
      lock.unlock();
    }
    gate.fail(null);
    channel.writeAndFlush(new CloseWebSocketFrame(code, reason));
  }

  @Override
  public int closeCode() {
    lock.lock();
    try {
      return closeCode;
    } finally {
      lock.unlock();
    }
  }

  private void ended(int code) {
    gate.fail(null);
    lock.lock();
    try {
      if (closeCode < 0) {
        closeCode = code;
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      ended(VANISHED);
      ctx.close();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ended(VANISHED);
    if (partial != null) {
      partial.release();
      partial = null;
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException corrupted) {
      ended(corrupted.closeStatus().code());
      // the decoder has said goodbye and closes
    } else {
      ended(VANISHED);
      ctx.close();
    }
  }
}
