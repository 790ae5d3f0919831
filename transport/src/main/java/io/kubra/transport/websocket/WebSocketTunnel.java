package io.kubra.transport.websocket;

import io.kubra.transport.io.Farewell;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/** Bytes in binary messages: message borders mean nothing, as in a TCP stream. */
final class WebSocketTunnel extends ChannelDuplexHandler implements Farewell {
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    switch (message) {
      case BinaryWebSocketFrame binary -> ctx.fireChannelRead(binary.content());
      case ContinuationWebSocketFrame more -> ctx.fireChannelRead(more.content());
      case PingWebSocketFrame ping -> ctx.writeAndFlush(new PongWebSocketFrame(ping.content()));
      case CloseWebSocketFrame close -> {
        close.release();
        ctx.close();
      }
      default -> ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      if (bytes.isReadable()) {
        ctx.write(new BinaryWebSocketFrame(bytes), promise);
      } else {
        ctx.write(bytes, promise);
      }
    } else {
      ctx.write(message, promise);
    }
  }

  @Override
  public Object farewell() {
    return new CloseWebSocketFrame(1000, "");
  }
}
