package io.kubra.store.embedded;

import io.kubra.store.Deleted;
import io.kubra.store.Entry;
import io.kubra.store.RevisionMismatchException;
import io.kubra.store.Store;
import io.kubra.store.StoreEvent;
import io.kubra.store.image.Image;
import io.kubra.store.log.LogRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The image that a group of commands would lead to, and the records to log before it holds. */
final class Draft {
  private final Instant now;
  private final List<LogRecord> records = new ArrayList<>();
  private Image image;

  Draft(Image base, Instant now) {
    this.image = base;
    this.now = now;
  }

  Image image() {
    return image;
  }

  List<LogRecord> records() {
    return records;
  }

  /** Works out a command's outcome; an expectation that does not hold changes nothing. */
  void add(Command command) {
    switch (command) {
      case Command.Put put -> put(put);
      case Command.Delete delete -> delete(delete);
      default -> throw new IllegalArgumentException("not a write: " + command);
    }
  }

  private void put(Command.Put put) {
    Entry actual = image.get(put.key());
    if (put.expected() != Store.ANY && put.expected() != modRevision(actual)) {
      put.fail(new RevisionMismatchException(put.key(), put.expected(), actual));
      return;
    }
    long revision = image.revision() + 1;
    Entry entry =
        actual == null
            ? new Entry(put.key(), put.value(), revision, revision, 1)
            : new Entry(
                put.key(), put.value(), actual.createRevision(), revision, actual.version() + 1);
    image = image.apply(new StoreEvent.Put(entry, actual), now);
    records.add(new LogRecord.Put(entry));
    put.succeed(entry);
  }

  private void delete(Command.Delete delete) {
    Entry actual = image.get(delete.key());
    if (actual == null
        || (delete.expected() != Store.ANY && delete.expected() != actual.modRevision())) {
      delete.fail(new RevisionMismatchException(delete.key(), delete.expected(), actual));
      return;
    }
    long revision = image.revision() + 1;
    image = image.apply(new StoreEvent.Delete(delete.key(), revision, actual), now);
    records.add(new LogRecord.Delete(delete.key(), revision));
    delete.succeed(new Deleted(actual, revision));
  }

  private static long modRevision(@Nullable Entry entry) {
    return entry == null ? Store.ABSENT : entry.modRevision();
  }
}
