package io.kubra.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Keeps what a watch delivers. */
public final class RecordingListener implements WatchListener {
  private final List<StoreEvent> events = new CopyOnWriteArrayList<>();
  private volatile long progress;
  private volatile @Nullable StoreException failure;

  @Override
  public void events(List<StoreEvent> batch) {
    events.addAll(batch);
    progress = batch.getLast().revision();
  }

  @Override
  public void progress(long revision) {
    progress = revision;
  }

  @Override
  public void failed(StoreException e) {
    failure = e;
  }

  /** All events so far. */
  public List<StoreEvent> events() {
    return events;
  }

  /** The revisions of all events so far. */
  public List<Long> revisions() {
    return events.stream().map(StoreEvent::revision).toList();
  }

  /** Up to which revision everything has been delivered. */
  public long progress() {
    return progress;
  }

  /** Why the watch ended, or null. */
  public @Nullable StoreException failure() {
    return failure;
  }
}
