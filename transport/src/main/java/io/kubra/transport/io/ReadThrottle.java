package io.kubra.transport.io;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.util.function.IntSupplier;

/**
 * Stops and resumes reading from a socket by how much is queued for its reader. Used where the
 * protocol itself has no flow control: HTTP/1.1 bodies, raw bytes, WebSocket.
 */
public final class ReadThrottle {
  /** Reading stops above this many queued bytes. */
  public static final int HIGH = 256 * 1024;

  /** Reading resumes below this many queued bytes. */
  public static final int LOW = HIGH / 2;

  /** How often a reader reports; less than {@link #LOW}, so that it cannot be missed. */
  public static final int REPORT_EVERY = 64 * 1024;

  private ReadThrottle() {}

  /** After bytes were queued; on the event loop. */
  public static void queued(Channel channel, IntSupplier queued) {
    if (queued.getAsInt() > HIGH) {
      channel.config().setAutoRead(false);
      // the reader may have emptied the queue just before, when there was nothing to resume yet
      if (queued.getAsInt() <= LOW) {
        resume(channel);
      }
    }
  }

  /** After bytes were taken; on any thread. */
  public static void taken(Channel channel, InboundBytes bytes) {
    if (channel.config().isAutoRead()) {
      return;
    }
    channel
        .eventLoop()
        .execute(
            () -> {
              if (bytes.queued() <= LOW) {
                resume(channel);
              }
            });
  }

  /**
   * Reads on. Not after the peer has ended its side: there is nothing to read then, and some of
   * Netty's channels fail when asked to.
   */
  public static void resume(Channel channel) {
    boolean ended = channel instanceof DuplexChannel duplex && duplex.isInputShutdown();
    if (!ended) {
      channel.config().setAutoRead(true);
    }
  }
}
