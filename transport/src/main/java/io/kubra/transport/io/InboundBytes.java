package io.kubra.transport.io;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way from an event loop to one blocking reader. The loop never blocks: it offers
 * buffers, and whoever owns the connection holds the peer back by what {@code consumed} reports.
 */
public final class InboundBytes extends InputStream {
  private static final long NONE = Long.MIN_VALUE;
  private static final int SMALL = 1024;
  private static final int GATHERED = 16 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>(4);
  private final IntConsumer consumed;
  private final int reportEvery;
  private volatile @Nullable Duration patience;
  private Function<Throwable, ? extends Exception> wrap = InboundBytes::asIoException;

  private @Nullable ByteBuf gathering;
  private volatile long deadline = NONE;
  private int unreported;
  private int queued;
  private boolean ended;
  private boolean closed;
  private @Nullable Throwable failure;
  private @Nullable Runnable beforeFirstRead;

  /**
   * Creates an empty pipe.
   *
   * @param patience how long a reader waits for the next bytes; null for ever
   * @param reportEvery how many bytes are read before {@code consumed} hears of them
   * @param consumed told, on the reader's thread, how many bytes were taken
   */
  public InboundBytes(@Nullable Duration patience, int reportEvery, IntConsumer consumed) {
    this.patience = patience;
    this.reportEvery = reportEvery;
    this.consumed = consumed;
  }

  /** Changes how long a reader waits for the next bytes; null for ever. */
  public void patience(@Nullable Duration newPatience) {
    patience = newPatience;
  }

  /** From now on all that is still to come must come within the patience, not each piece. */
  public void patienceForTheWhole() {
    Duration limit = patience;
    if (limit != null) {
      deadline = System.nanoTime() + limit.toNanos();
    }
  }

  /** What a reader gets thrown after {@link #fail}: an IOException or an unchecked exception. */
  public InboundBytes failingWith(Function<Throwable, ? extends Exception> wrapping) {
    wrap = wrapping;
    return this;
  }

  /** Runs something once, on the reader's thread, when it first has to wait. */
  public void beforeFirstWait(Runnable action) {
    beforeFirstRead = action;
  }

  /** Adds bytes and takes over the buffer. */
  public void offer(ByteBuf buffer) {
    int length = buffer.readableBytes();
    boolean dropped;
    lock.lock();
    try {
      dropped = closed || ended || failure != null || length == 0;
      if (!dropped) {
        enqueue(buffer, length);
        queued += length;
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
    if (dropped) {
      buffer.release();
      if (length > 0) {
        consumed.accept(length);
      }
    }
  }

  /** Small pieces that wait are copied together: each holds on to all that was read with it. */
  private void enqueue(ByteBuf buffer, int length) {
    if (length > SMALL || queue.isEmpty()) {
      queue.add(buffer);
      return;
    }
    ByteBuf last = gathering;
    if (last == null || last != queue.peekLast() || last.writableBytes() < length) {
      last = Unpooled.buffer(GATHERED, GATHERED);
      gathering = last;
      queue.add(last);
    }
    last.writeBytes(buffer);
    buffer.release();
  }

  /** Says that nothing more will come. */
  public void finish() {
    lock.lock();
    try {
      ended = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Breaks off: readers get what is queued and then the failure. No effect after the end. */
  public void fail(Throwable cause) {
    lock.lock();
    try {
      if (!ended && failure == null) {
        failure = cause;
        arrived.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many bytes wait for the reader. */
  public int queued() {
    lock.lock();
    try {
      return queued;
    } finally {
      lock.unlock();
    }
  }

  /** Whether everything has arrived, read or not. */
  public boolean ended() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    announceFirstWait();
    int taken = 0;
    int report;
    lock.lock();
    try {
      if (!await()) {
        return -1;
      }
      while (taken < length && !queue.isEmpty()) {
        ByteBuf head = queue.element();
        int now = Math.min(length - taken, head.readableBytes());
        head.readBytes(target, offset + taken, now);
        taken += now;
        if (!head.isReadable()) {
          queue.remove().release();
        }
      }
      queued -= taken;
      unreported += taken;
      report = unreported >= reportEvery ? unreported : 0;
      unreported -= report;
    } finally {
      lock.unlock();
    }
    if (report > 0) {
      consumed.accept(report);
    }
    return taken;
  }

  private void announceFirstWait() {
    Runnable action = beforeFirstRead;
    if (action != null) {
      beforeFirstRead = null;
      if (!ended()) {
        action.run();
      }
    }
  }

  /** Waits for bytes; false at the end. */
  private boolean await() throws IOException {
    Duration limit = patience;
    long nanos = limit == null ? Long.MAX_VALUE : limit.toNanos();
    if (deadline != NONE) {
      nanos = Math.min(nanos, deadline - System.nanoTime());
    }
    while (queue.isEmpty()) {
      if (closed) {
        throw new IOException("the stream is closed");
      }
      if (failure != null) {
        throw failed(failure);
      }
      if (ended) {
        return false;
      }
      try {
        if (limit == null) {
          arrived.await();
        } else {
          nanos = arrived.awaitNanos(nanos);
          if (nanos <= 0 && queue.isEmpty() && !ended) {
            throw new SocketTimeoutException(
                "no bytes for " + TimeUnit.NANOSECONDS.toMillis(limit.toNanos()) + " ms");
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for bytes");
      }
    }
    return true;
  }

  private IOException failed(Throwable cause) {
    Exception exception = wrap.apply(cause);
    return switch (exception) {
      case RuntimeException unchecked -> throw unchecked;
      case IOException io -> io;
      default -> new IOException(exception);
    };
  }

  private static IOException asIoException(Throwable cause) {
    String message = cause.getMessage();
    return new IOException(message == null ? cause.toString() : message, cause);
  }

  @Override
  public int available() {
    return queued();
  }

  /** Drops what is queued and what still comes; the peer is not held back any more. */
  @Override
  public void close() {
    int report;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      report = unreported + queued;
      unreported = 0;
      queued = 0;
      for (ByteBuf buffer : queue) {
        buffer.release();
      }
      queue.clear();
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    if (report > 0) {
      consumed.accept(report);
    }
  }
}
