package io.kubra.transport.io;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** The last handler of a channel whose bytes go to blocking code as they are. */
public final class RawChannel extends ChannelInboundHandlerAdapter implements RawConnection {
  private final Channel channel;
  private final InboundBytes in;
  private final OutboundGate gate =
      new OutboundGate(
          OutboundGate.DEFAULT_LIMIT,
          cause -> new UncheckedIOException(new IOException("the connection is closed", cause)));
  private final OutputStream out = new Out();

  /** For a channel to whose pipeline this will be added last. */
  public RawChannel(Channel channel) {
    this.channel = channel;
    this.in =
        new InboundBytes(null, ReadThrottle.REPORT_EVERY, n -> ReadThrottle.taken(channel, in()));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    if (!channel.isActive()) {
      in.finish();
      gate.fail(null);
    }
  }

  @Override
  public InboundBytes in() {
    return in;
  }

  @Override
  public OutputStream out() {
    return out;
  }

  @Override
  public void close() {
    in.close();
    GentleClose.close(channel);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes) {
      in.offer(bytes);
      ReadThrottle.queued(channel, in::queued);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      in.finish();
      if (channel instanceof DuplexChannel duplex && duplex.isOutputShutdown()) {
        ctx.close();
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    in.finish();
    gate.fail(null);
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    in.fail(cause);
    gate.fail(cause);
    ctx.close();
  }

  private void send(byte[] bytes) {
    gate.enter(bytes.length);
    channel
        .writeAndFlush(Unpooled.wrappedBuffer(bytes))
        .addListener(
            done -> {
              gate.left(bytes.length);
              if (!done.isSuccess()) {
                gate.fail(done.cause());
              }
            });
  }

  private void endOutput() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                return;
              }
              if (tls != null) {
                tls.closeOutbound();
              } else if (channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
              }
            });
  }

  private final class Out extends OutputStream {
    private boolean ended;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (ended) {
        throw new IOException("the stream is closed");
      }
      if (length == 0) {
        return;
      }
      byte[] copy = new byte[length];
      System.arraycopy(bytes, offset, copy, 0, length);
      try {
        send(copy);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    @Override
    public void close() {
      if (!ended) {
        ended = true;
        endOutput();
      }
    }
  }
}
