package io.kubra.apiserver.storage;

import io.kubra.metrics.CounterFamily;
import io.kubra.metrics.Histogram;
import io.kubra.metrics.HistogramFamily;
import io.kubra.metrics.MetricRegistry;
import io.kubra.store.Deleted;
import io.kubra.store.Durability;
import io.kubra.store.Entry;
import io.kubra.store.Range;
import io.kubra.store.RevisionMismatchException;
import io.kubra.store.Store;
import io.kubra.store.StoreException;
import io.kubra.store.Watch;
import io.kubra.store.WatchListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store whose operations are timed under the names that upstream has for etcd's, whatever store
 * it is, so that what is made for upstream finds them. Watches are passed on uncounted.
 */
public final class MeteredStore implements Store {
  private static final double[] SECONDS = {
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45,
    60
  };

  private final Store store;
  private final HistogramFamily seconds;
  private final CounterFamily requests;
  private final CounterFamily errors;
  private final Map<String, Series> series = new ConcurrentHashMap<>();

  /** The counts of one operation on one resource. */
  private final class Series {
    private final String[] labels;
    private final Histogram duration;
    private final LongAdder calls;

    Series(String... labels) {
      this.labels = labels;
      this.duration = seconds.with(labels);
      this.calls = requests.with(labels);
    }

    void ended(long from) {
      duration.observeSince(from);
      calls.increment();
    }

    /** Errors have a child only once there was one. */
    void failed() {
      errors.with(labels).increment();
    }
  }

  /** Times a store. */
  public MeteredStore(Store store, MetricRegistry registry) {
    this.store = store;
    this.seconds =
        registry.histogram(
            "etcd_request_duration_seconds",
            "Etcd request latency in seconds for each operation and object type.",
            SECONDS,
            "group",
            "operation",
            "resource");
    this.requests =
        registry.counter(
            "etcd_requests_total",
            "Etcd request counts for each operation and object type.",
            "group",
            "operation",
            "resource");
    this.errors =
        registry.counter(
            "etcd_request_errors_total",
            "Etcd failed request counts for each operation and object type.",
            "group",
            "operation",
            "resource");
  }

  private <T> T timed(String operation, String key, Supplier<T> call) {
    Series counts = series(operation, key);
    long from = System.nanoTime();
    try {
      return call.get();
    } catch (RevisionMismatchException e) {
      // An answer like any other: upstream's transaction succeeds and says no.
      throw e;
    } catch (StoreException e) {
      counts.failed();
      throw e;
    } finally {
      counts.ended(from);
    }
  }

  /** Keys are {@code /registry/GROUP/RESOURCE/...}; the core group is called {@code core} there. */
  private Series series(String operation, String key) {
    int group = key.indexOf('/', 1);
    int resource = group < 0 ? -1 : key.indexOf('/', group + 1);
    int end = resource < 0 ? -1 : key.indexOf('/', resource + 1);
    String prefix = end < 0 ? key : key.substring(0, end);
    Series known = series.get(operation + prefix);
    if (known != null) {
      return known;
    }
    String groupName = resource < 0 ? "" : key.substring(group + 1, resource);
    String resourceName = end < 0 ? "" : key.substring(resource + 1, end);
    return series.computeIfAbsent(
        operation + prefix,
        p -> new Series(groupName.equals("core") ? "" : groupName, operation, resourceName));
  }

  @Override
  public long revision() {
    return store.revision();
  }

  @Override
  public long compactRevision() {
    return store.compactRevision();
  }

  @Override
  public @Nullable Entry get(String key) {
    Series counts = series("get", key);
    long from = System.nanoTime();
    try {
      return store.get(key);
    } catch (StoreException e) {
      counts.failed();
      throw e;
    } finally {
      counts.ended(from);
    }
  }

  @Override
  public Range range(String startInclusive, String endExclusive, int limit, long revision) {
    return timed(
        "list", startInclusive, () -> store.range(startInclusive, endExclusive, limit, revision));
  }

  @Override
  public long count(String startInclusive, String endExclusive) {
    return store.count(startInclusive, endExclusive);
  }

  @Override
  public Entry put(String key, byte[] value, long expectedModRevision, Durability durability) {
    return timed(
        expectedModRevision == ABSENT ? "create" : "update",
        key,
        () -> store.put(key, value, expectedModRevision, durability));
  }

  @Override
  public Deleted delete(String key, long expectedModRevision, Durability durability) {
    return timed("delete", key, () -> store.delete(key, expectedModRevision, durability));
  }

  @Override
  public Watch watch(
      String startInclusive, String endExclusive, long afterRevision, WatchListener listener) {
    return store.watch(startInclusive, endExclusive, afterRevision, listener);
  }

  @Override
  public void compact(long revision) {
    store.compact(revision);
  }

  @Override
  public void close() {
    store.close();
  }
}
