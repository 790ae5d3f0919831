package io.kubra.store;

import org.jspecify.annotations.Nullable;

/** The key was not at the revision that the writer expected; nothing was written. */
public final class RevisionMismatchException extends StoreException {
  private static final long serialVersionUID = 1;

  private final transient @Nullable Entry actual;

  /** Tells the key, what was expected of it and what is there. */
  public RevisionMismatchException(String key, long expected, @Nullable Entry actual) {
    super(
        key
            + ": expected "
            + (expected == Store.ABSENT
                ? "no entry"
                : expected == Store.ANY ? "an entry" : "revision " + expected)
            + ", found "
            + (actual == null ? "none" : "revision " + actual.modRevision()));
    this.actual = actual;
  }

  /** The entry that was there instead, or null when there was none. */
  public @Nullable Entry actual() {
    return actual;
  }

  /** Part of the normal course of events under contention: the stack is left out. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
