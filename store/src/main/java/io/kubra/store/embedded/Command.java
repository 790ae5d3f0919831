package io.kubra.store.embedded;

import io.kubra.store.Durability;
import io.kubra.store.StoreException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A request to the writer and, once it is answered, the outcome. The thread that made it waits
 * here: whoever interrupts it learns nothing about the write, so it waits on and keeps the
 * interrupt for later.
 */
sealed class Command permits Command.Put, Command.Delete, Command.Compact, Command.Stop {
  private final Thread caller = Thread.currentThread();
  private final boolean durable;
  private @Nullable Object result;
  private @Nullable StoreException failure;
  private volatile boolean answered;

  private Command(boolean durable) {
    this.durable = durable;
  }

  boolean durable() {
    return durable;
  }

  /** How many bytes it brings, roughly. */
  long bytes() {
    return 0;
  }

  /** Sets what the caller gets; {@link #release()} lets it go. */
  void succeed(Object value) {
    result = value;
  }

  void fail(StoreException reason) {
    result = null;
    failure = reason;
  }

  boolean answered() {
    return answered;
  }

  void release() {
    answered = true;
    LockSupport.unpark(caller);
  }

  /** Waits for the answer. */
  <T> T await(Class<T> type) {
    boolean interrupted = false;
    while (!answered) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      caller.interrupt();
    }
    if (failure != null) {
      throw failure;
    }
    if (result == null) {
      throw new IllegalStateException("answered without a result");
    }
    return type.cast(result);
  }

  static final class Put extends Command {
    private final String key;
    private final byte[] value;
    private final long expected;

    Put(String key, byte[] value, long expected, Durability durability) {
      super(durability == Durability.DURABLE);
      this.key = key;
      this.value = value;
      this.expected = expected;
    }

    String key() {
      return key;
    }

    byte[] value() {
      return value;
    }

    long expected() {
      return expected;
    }

    @Override
    long bytes() {
      return value.length;
    }
  }

  static final class Delete extends Command {
    private final String key;
    private final long expected;

    Delete(String key, long expected, Durability durability) {
      super(durability == Durability.DURABLE);
      this.key = key;
      this.expected = expected;
    }

    String key() {
      return key;
    }

    long expected() {
      return expected;
    }
  }

  static final class Compact extends Command {
    private final long revision;

    Compact(long revision) {
      super(true);
      this.revision = revision;
    }

    long revision() {
      return revision;
    }
  }

  /** Nothing is taken after this. */
  static final class Stop extends Command {
    Stop() {
      super(true);
    }
  }
}
