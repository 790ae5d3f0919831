package io.kubra.transport.io;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection so that the last bytes arrive. Closing a socket with unread input resets the
 * connection, and a reset overtakes data that the peer has not read. So the output ends first, and
 * the rest waits, for a moment, for the peer to close.
 */
public final class GentleClose {
  private static final long LINGER_MILLIS = 2000;

  private GentleClose() {}

  /** Starts closing; what was written before goes out first. Any thread. */
  public static void close(Channel channel) {
    channel.eventLoop().execute(() -> onLoop(channel));
  }

  private static @Nullable Farewell farewell(Channel channel) {
    for (var entry : channel.pipeline()) {
      if (entry.getValue() instanceof Farewell found) {
        return found;
      }
    }
    return null;
  }

  private static void onLoop(Channel channel) {
    if (!channel.isActive()) {
      return;
    }
    Farewell farewell = farewell(channel);
    if (farewell instanceof ChannelHandler handler) {
      channel.pipeline().context(handler).write(farewell.farewell());
    }
    boolean tls = channel.pipeline().get(SslHandler.class) != null;
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                channel.close();
                return;
              }
              ReadThrottle.resume(channel);
              if (!tls && channel instanceof DuplexChannel duplex) {
                if (duplex.isInputShutdown()) {
                  channel.close();
                  return;
                }
                duplex.shutdownOutput();
              }
              channel
                  .eventLoop()
                  .schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
            });
  }
}
