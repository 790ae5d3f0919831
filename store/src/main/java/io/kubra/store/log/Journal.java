package io.kubra.store.log;

import io.kubra.store.StoreException;
import io.kubra.store.StoreFullException;
import io.kubra.store.image.Image;
import java.util.List;

/** Where a store's writer puts what must not be lost. Used by one thread at a time. */
public interface Journal extends AutoCloseable {

  /**
   * Adds records; they survive the process from now on, and the machine after {@link #sync()}.
   *
   * @throws StoreFullException when there is no space; none of the records is in the log
   * @throws StoreException when the log cannot be written for another reason
   */
  void append(List<LogRecord> records);

  /**
   * Forces to disk what was appended.
   *
   * @throws StoreException when that failed; the journal takes no more records then, for nobody
   *     knows what is on the disk
   */
  void sync();

  /** Whether something was appended that is not forced to disk yet. */
  boolean unsynced();

  /** Takes note that the image holds everything appended so far; may begin to write a snapshot. */
  void published(Image image);

  /** How many bytes all files take. */
  long diskBytes();

  /** Marks the good end, forces everything to disk and releases the files. */
  @Override
  void close();

  /** Remembers nothing. */
  static Journal none() {
    return NoJournal.INSTANCE;
  }
}
