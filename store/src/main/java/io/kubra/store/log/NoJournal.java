package io.kubra.store.log;

import io.kubra.store.image.Image;
import java.util.List;

/** For stores that live in memory only. */
enum NoJournal implements Journal {
  INSTANCE;

  @Override
  public void append(List<LogRecord> records) {}

  @Override
  public void sync() {}

  @Override
  public boolean unsynced() {
    return false;
  }

  @Override
  public void published(Image image) {}

  @Override
  public long diskBytes() {
    return 0;
  }

  @Override
  public void close() {}
}
