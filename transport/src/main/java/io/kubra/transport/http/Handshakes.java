package io.kubra.transport.http;

import io.netty.channel.Channel;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The connections that have not finished their TLS handshake. Each costs memory before anyone is
 * known to be behind it, so there is a limit; when it is reached the oldest goes, as that is the
 * one that does not get on.
 */
final class Handshakes {
  private final int most;
  private final Set<Channel> unfinished = new LinkedHashSet<>();

  Handshakes(int most) {
    this.most = most;
  }

  /** Counts a new connection, and closes the oldest unfinished one if there are too many. */
  void begin(Channel channel) {
    Channel oldest = null;
    synchronized (unfinished) {
      unfinished.add(channel);
      if (unfinished.size() > most) {
        oldest = unfinished.iterator().next();
        unfinished.remove(oldest);
      }
    }
    channel.closeFuture().addListener(closed -> end(channel));
    if (oldest != null) {
      oldest.close();
    }
  }

  /** The connection has finished its handshake, or is gone. */
  void end(Channel channel) {
    synchronized (unfinished) {
      unfinished.remove(channel);
    }
  }
}
