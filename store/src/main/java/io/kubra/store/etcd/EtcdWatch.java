package io.kubra.store.etcd;

import io.grpc.stub.StreamObserver;
import io.kubra.store.CompactedException;
import io.kubra.store.Store;
import io.kubra.store.StoreClosedException;
import io.kubra.store.StoreEvent;
import io.kubra.store.StoreException;
import io.kubra.store.Watch;
import io.kubra.store.WatchListener;
import io.kubra.store.etcd.v3.Event;
import io.kubra.store.etcd.v3.WatchCreateRequest;
import io.kubra.store.etcd.v3.WatchGrpc;
import io.kubra.store.etcd.v3.WatchRequest;
import io.kubra.store.etcd.v3.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch on etcd. It follows all keys and keeps those of its range, because only so does every
 * revision show itself: etcd's progress notices may run ahead of the events before 3.4.25 and 3.5.8
 * (etcd issue 15220), and the watch cache must know exactly how far it has come. When the stream
 * breaks it begins a new one after the last revision it saw.
 */
final class EtcdWatch implements Watch {
  private static final Logger log = LoggerFactory.getLogger(EtcdWatch.class);
  private static final long AGAIN_MILLIS = 200;
  private static final long FINISH_SECONDS = 2;

  private final EtcdConnection connection;
  private final String start;
  private final String end;
  private final WatchListener listener;
  private final Consumer<EtcdWatch> ended;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition advanced = lock.newCondition();
  private long cursor;
  private int stream;
  private boolean over;
  private @Nullable StreamObserver<WatchRequest> requests;

  EtcdWatch(
      EtcdConnection connection,
      String start,
      String end,
      long after,
      WatchListener listener,
      Consumer<EtcdWatch> ended) {
    this.connection = connection;
    this.start = start;
    this.end = end;
    this.cursor = after;
    this.listener = listener;
    this.ended = ended;
  }

  void begin() {
    lock.lock();
    try {
      if (over) {
        return;
      }
      stream++;
      StreamObserver<WatchRequest> opened =
          WatchGrpc.newStub(connection.channel()).withWaitForReady().watch(new Responses(stream));
      requests = opened;
      opened.onNext(
          WatchRequest.newBuilder()
              .setCreateRequest(
                  WatchCreateRequest.newBuilder()
                      .setKey(Wire.ZERO)
                      .setRangeEnd(Wire.ZERO)
                      .setStartRevision(cursor + 1)
                      .setPrevKv(true))
              .build());
    } finally {
      lock.unlock();
    }
  }

  private void again(int broken) {
    Thread.ofVirtual()
        .name("etcd-watch-again")
        .start(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
              } catch (InterruptedException e) {
                return;
              }
              if (current(broken)) {
                connection.hurry();
                begin();
              }
            });
  }

  private boolean current(int number) {
    lock.lock();
    try {
      return !over && stream == number;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    end();
  }

  /** Ends the stream; returns whether that had not happened yet. */
  private boolean end() {
    lock.lock();
    try {
      if (over) {
        return false;
      }
      over = true;
      advanced.signalAll();
      if (requests != null) {
        try {
          requests.onCompleted();
        } catch (IllegalStateException e) {
          log.debug("the stream had ended by itself", e);
        }
      }
    } finally {
      lock.unlock();
    }
    ended.accept(this);
    return true;
  }

  private void fail(StoreException reason) {
    if (end()) {
      listener.failed(reason);
    }
  }

  /** Waits for the events up to a revision, and ends because the store is closed. */
  void finish(long last) {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(FINISH_SECONDS);
      while (cursor < last && !over && left > 0) {
        left = advanced.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    fail(new StoreClosedException());
  }

  private boolean inRange(String key) {
    return key.compareTo(start) >= 0 && (end.equals(Store.UNBOUNDED) || key.compareTo(end) < 0);
  }

  private static StoreEvent event(Event event) {
    return event.getType() == Event.EventType.DELETE
        ? new StoreEvent.Delete(
            event.getKv().getKey().toStringUtf8(),
            event.getKv().getModRevision(),
            Wire.entry(event.getPrevKv()))
        : new StoreEvent.Put(
            Wire.entry(event.getKv()), event.hasPrevKv() ? Wire.entry(event.getPrevKv()) : null);
  }

  /** What one stream delivers, one call at a time; those of a stream that was left are ignored. */
  private final class Responses implements StreamObserver<WatchResponse> {
    private final int number;

    private Responses(int number) {
      this.number = number;
    }

    @Override
    public void onNext(WatchResponse response) {
      if (!current(number)) {
        return;
      }
      if (response.getCanceled()) {
        fail(
            response.getCompactRevision() > 0
                ? new CompactedException(cursor, response.getCompactRevision())
                : new StoreException("etcd ended a watch: " + response.getCancelReason()));
        return;
      }
      try {
        deliver(response);
      } catch (RuntimeException e) {
        log.error("the listener of a watch on {} failed", start, e);
        fail(new StoreException("the watch's listener failed: " + e, e));
      }
    }

    private void deliver(WatchResponse response) {
      if (response.getCreated()) {
        if (response.getHeader().getRevision() == cursor) {
          listener.progress(cursor);
        }
        return;
      }
      List<StoreEvent> mine = new ArrayList<>(response.getEventsCount());
      long last = cursor;
      for (Event event : response.getEventsList()) {
        last = event.getKv().getModRevision();
        if (last > cursor && inRange(event.getKv().getKey().toStringUtf8())) {
          mine.add(event(event));
        }
      }
      if (!mine.isEmpty()) {
        listener.events(mine);
      }
      if (last > cursor && (mine.isEmpty() || mine.getLast().revision() < last)) {
        listener.progress(last);
      }
      advance(last);
    }

    private void advance(long to) {
      lock.lock();
      try {
        cursor = Math.max(cursor, to);
        advanced.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void onError(Throwable e) {
      log.debug("a watch on etcd broke and begins again: {}", e.getMessage());
      again(number);
    }

    @Override
    public void onCompleted() {
      again(number);
    }
  }
}
