package io.kubra.transport.spdy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How much the peer allows to be sent on a connection and its streams.
 *
 * <p>The Go library behind kubectl and containerd never sends WINDOW_UPDATE and ignores those it
 * gets, so obeying its windows would stop every stream after 64 KiB. A peer that has sent a window
 * update or settings is obeyed. A peer that has sent neither by the time a window is used up, and a
 * little longer, is taken not to do flow control, and TCP alone holds the sender back.
 */
final class SendWindows {
  private static final int INITIAL = 64 * 1024;
  private static final long DOUBT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** One stream's part. */
  static final class Window {
    private long left;
    private boolean broken;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long connectionLeft = INITIAL;
  private long initial = INITIAL;
  private boolean peerDoesFlowControl;
  private boolean unlimited;

  Window open() {
    Window window = new Window();
    lock.lock();
    try {
      window.left = initial;
    } finally {
      lock.unlock();
    }
    return window;
  }

  /** Waits until something may be sent and takes up to {@code wanted} from both windows. */
  int take(Window window, int wanted) throws IOException {
    lock.lock();
    try {
      long doubt = DOUBT_NANOS;
      while (true) {
        if (window.broken) {
          throw new IOException("the stream is closed");
        }
        long allowed = unlimited ? wanted : Math.min(wanted, Math.min(window.left, connectionLeft));
        if (allowed > 0) {
          window.left -= allowed;
          connectionLeft -= allowed;
          return (int) allowed;
        }
        if (peerDoesFlowControl) {
          changed.await();
        } else {
          doubt = changed.awaitNanos(doubt);
          if (doubt <= 0 && !peerDoesFlowControl) {
            unlimited = true;
            changed.signalAll();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to send");
    } finally {
      lock.unlock();
    }
  }

  void growConnection(int delta) {
    lock.lock();
    try {
      peerDoesFlowControl = true;
      connectionLeft += delta;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void grow(Window window, int delta) {
    lock.lock();
    try {
      peerDoesFlowControl = true;
      window.left += delta;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The peer's settings changed the windows that streams start with, open ones included. */
  void initial(int size, Iterable<Window> open) {
    lock.lock();
    try {
      peerDoesFlowControl = true;
      long delta = size - initial;
      initial = size;
      for (Window window : open) {
        window.left += delta;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void breakOff(Window window) {
    lock.lock();
    try {
      window.broken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
