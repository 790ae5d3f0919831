package io.kubra.transport.io;

import io.netty.channel.Channel;

/**
 * Stops and resumes reading from a socket by how much is queued for its reader. Used where the
 * protocol itself has no flow control: HTTP/1.1 bodies, raw bytes, WebSocket.
 */
public final class ReadThrottle {
  /** Reading stops above this many queued bytes. */
  public static final int HIGH = 256 * 1024;

  /** How often a reader reports; also the mark under which reading resumes. */
  public static final int REPORT_EVERY = 64 * 1024;

  private ReadThrottle() {}

  /** After bytes were queued; on the event loop. */
  public static void queued(Channel channel, int queued) {
    if (queued > HIGH) {
      channel.config().setAutoRead(false);
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
              if (bytes.queued() <= HIGH / 2) {
                channel.config().setAutoRead(true);
              }
            });
  }
}
