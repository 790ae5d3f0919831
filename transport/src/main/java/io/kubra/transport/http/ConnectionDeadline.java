package io.kubra.transport.http;

import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection that is idle, or slow to say what it wants. One timer task per connection
 * looks at the deadline from time to time, so that moving the deadline costs nothing. Event loop
 * only.
 */
final class ConnectionDeadline {
  private static final long NEVER = Long.MAX_VALUE;

  private final ChannelHandlerContext ctx;
  private final Runnable expired;
  private long deadline = NEVER;
  private long timerAt = NEVER;

  ConnectionDeadline(ChannelHandlerContext ctx, Runnable expired) {
    this.ctx = ctx;
    this.expired = expired;
  }

  void set(Duration fromNow) {
    deadline = System.nanoTime() + fromNow.toNanos();
    if (timerAt == NEVER || deadline - timerAt < 0) {
      arm();
    }
  }

  void suspend() {
    deadline = NEVER;
  }

  private void arm() {
    long armedFor = deadline;
    timerAt = armedFor;
    ctx.executor()
        .schedule(() -> check(armedFor), armedFor - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private void check(long armedFor) {
    if (armedFor != timerAt || !ctx.channel().isActive()) {
      return;
    }
    timerAt = NEVER;
    if (deadline == NEVER) {
      return;
    }
    if (deadline - System.nanoTime() <= 0) {
      expired.run();
    } else {
      arm();
    }
  }
}
