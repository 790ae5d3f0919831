package io.kubra.store.embedded;

import io.kubra.store.StoreClosedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What callers want from the writer. Many threads add, one takes. */
final class CommandQueue {
  private static final int GROUP = 1024;
  private static final long GROUP_BYTES = 4 << 20;

  private final ConcurrentLinkedQueue<Command> waiting = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Thread idle;
  private volatile boolean refusing;

  /** Adds a command for the taker; answers it at once when nothing is taken any more. */
  void add(Command command) {
    waiting.add(command);
    if (refusing) {
      // whoever removes the command answers it
      refuse();
      return;
    }
    Thread taker = idle;
    if (taker != null) {
      LockSupport.unpark(taker);
    }
  }

  /** Answers all commands from now on with {@link StoreClosedException}. */
  void refuseFurther() {
    refusing = true;
    refuse();
  }

  private void refuse() {
    for (Command late = waiting.poll(); late != null; late = waiting.poll()) {
      late.fail(new StoreClosedException());
      late.release();
    }
  }

  /**
   * Takes what is waiting, up to a group's size. Waits when there is nothing, until {@code
   * deadline} at the latest.
   *
   * @param deadline by {@link System#nanoTime()}; null to wait for ever
   * @return empty only when the deadline has passed
   */
  List<Command> take(@Nullable Long deadline) {
    List<Command> group = drain();
    while (group.isEmpty()) {
      // announced before looking again: who adds from now on wakes this thread
      idle = Thread.currentThread();
      try {
        group = drain();
        if (group.isEmpty() && !sleep(deadline)) {
          return group;
        }
      } finally {
        idle = null;
      }
    }
    return group;
  }

  private boolean sleep(@Nullable Long deadline) {
    if (deadline == null) {
      LockSupport.park(this);
    } else {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      LockSupport.parkNanos(this, left);
    }
    // the writer serves everyone: an interrupt meant to stop something else must not make it spin
    Thread.interrupted();
    return true;
  }

  private List<Command> drain() {
    List<Command> group = new ArrayList<>();
    long bytes = 0;
    while (group.size() < GROUP && bytes < GROUP_BYTES) {
      Command command = waiting.poll();
      if (command == null) {
        break;
      }
      group.add(command);
      bytes += command.bytes();
    }
    return group;
  }
}
