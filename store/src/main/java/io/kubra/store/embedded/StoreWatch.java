package io.kubra.store.embedded;

import io.kubra.store.CompactedException;
import io.kubra.store.Store;
import io.kubra.store.StoreClosedException;
import io.kubra.store.StoreEvent;
import io.kubra.store.StoreException;
import io.kubra.store.Watch;
import io.kubra.store.WatchListener;
import io.kubra.store.image.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One watch: a virtual thread that walks through the history and sleeps at its end. */
final class StoreWatch implements Watch {
  private static final Logger log = LoggerFactory.getLogger(StoreWatch.class);
  private static final int BATCH = 1024;

  private final WatchHub hub;
  private final String start;
  private final String end;
  private final WatchListener listener;
  private final Thread thread;
  private long cursor;
  private volatile boolean signalled;
  private volatile boolean closed;

  StoreWatch(WatchHub hub, String start, String end, long after, WatchListener listener) {
    this.hub = hub;
    this.start = start;
    this.end = end;
    this.cursor = after;
    this.listener = listener;
    this.thread = Thread.ofVirtual().name("kubra-store-watch " + start).unstarted(this::run);
  }

  void begin() {
    thread.start();
  }

  void signal() {
    if (!signalled) {
      signalled = true;
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void close() {
    closed = true;
    hub.ended(this);
    LockSupport.unpark(thread);
  }

  private void run() {
    try {
      follow();
    } catch (CompactedException e) {
      fail(e);
    } catch (RuntimeException e) {
      log.error("the listener of a watch on {} failed", start, e);
      fail(new StoreException("the watch's listener failed: " + e, e));
    } finally {
      hub.ended(this);
    }
  }

  private void follow() {
    boolean first = true;
    while (!closed) {
      // cleared before looking: an image published from now on signals again
      signalled = false;
      boolean last = hub.closed();
      Image image = hub.image();
      if (image.revision() > cursor || (first && image.revision() == cursor)) {
        deliver(image);
        first = false;
      } else if (last) {
        fail(new StoreClosedException());
        return;
      } else {
        sleep();
      }
    }
  }

  private void sleep() {
    while (!signalled && !closed) {
      LockSupport.park(this);
      Thread.interrupted();
    }
  }

  private void deliver(Image image) {
    List<StoreEvent> all = image.eventsAfter(cursor, BATCH);
    List<StoreEvent> mine = new ArrayList<>(all.size());
    for (StoreEvent event : all) {
      if (inRange(event.key())) {
        mine.add(event);
      }
    }
    cursor += all.size();
    if (!mine.isEmpty()) {
      listener.events(mine);
    }
    boolean told = !mine.isEmpty() && mine.getLast().revision() == cursor;
    if (!told && cursor == image.revision() && !closed) {
      listener.progress(cursor);
    }
  }

  private boolean inRange(String key) {
    return key.compareTo(start) >= 0 && (end.equals(Store.UNBOUNDED) || key.compareTo(end) < 0);
  }

  private void fail(StoreException reason) {
    if (closed) {
      return;
    }
    closed = true;
    try {
      listener.failed(reason);
    } catch (RuntimeException e) {
      log.error("the listener of a watch on {} failed", start, e);
    }
  }
}
