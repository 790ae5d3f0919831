package io.kubra.store.log;

import io.kubra.store.Entry;

/** What the log remembers. */
public sealed interface LogRecord {

  /** The revision that the record made or, for those that make none, the one it speaks of. */
  long revision();

  /** An entry was written. */
  record Put(Entry entry) implements LogRecord {
    @Override
    public long revision() {
      return entry.modRevision();
    }
  }

  /** A key was removed. */
  record Delete(String key, long revision) implements LogRecord {}

  /** States before a revision were forgotten. */
  record Compact(long revision) implements LogRecord {}

  /** The store was closed in good order; nothing follows in this segment. */
  record Closed(long revision) implements LogRecord {}
}
