package io.kubra.transport.io;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds a writer back while too many of its bytes wait in the connection. The writer enters with a
 * number of bytes before it hands them to the event loop; the loop reports them as sent.
 */
public final class OutboundGate {
  /** How many bytes may wait before a writer blocks. */
  public static final int DEFAULT_LIMIT = 256 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final int limit;
  private final Function<@Nullable Throwable, ? extends RuntimeException> gone;
  private long outstanding;
  private boolean failed;
  private @Nullable Throwable cause;

  /**
   * Creates an open gate.
   *
   * @param limit how many bytes may wait
   * @param gone makes what a writer gets thrown when the peer has gone away
   */
  public OutboundGate(int limit, Function<@Nullable Throwable, ? extends RuntimeException> gone) {
    this.limit = limit;
    this.gone = gone;
  }

  /** Waits for room and enters with {@code bytes}, however many; throws when the peer is gone. */
  public void enter(int bytes) {
    lock.lock();
    try {
      while (!failed && outstanding > 0 && outstanding + bytes > limit) {
        room.await();
      }
      if (failed) {
        throw gone.apply(cause);
      }
      outstanding += bytes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw gone.apply(e);
    } finally {
      lock.unlock();
    }
  }

  /** Reports bytes as sent. */
  public void left(int bytes) {
    lock.lock();
    try {
      outstanding -= bytes;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all bytes have left or the peer is gone; false if neither happened in time. */
  public boolean awaitLeft(Duration limit) {
    long nanos = limit.toNanos();
    lock.lock();
    try {
      while (!failed && outstanding > 0) {
        if (nanos <= 0) {
          return false;
        }
        nanos = room.awaitNanos(nanos);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Says that the peer is gone; writers wake up and fail. */
  public void fail(@Nullable Throwable why) {
    lock.lock();
    try {
      if (!failed) {
        failed = true;
        cause = why;
      }
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@link #fail} was called. */
  public boolean failed() {
    lock.lock();
    try {
      return failed;
    } finally {
      lock.unlock();
    }
  }
}
