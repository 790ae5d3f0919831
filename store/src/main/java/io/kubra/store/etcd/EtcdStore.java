package io.kubra.store.etcd;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.kubra.store.CompactedException;
import io.kubra.store.Deleted;
import io.kubra.store.Durability;
import io.kubra.store.Entry;
import io.kubra.store.FutureRevisionException;
import io.kubra.store.Range;
import io.kubra.store.RevisionMismatchException;
import io.kubra.store.Store;
import io.kubra.store.StoreClosedException;
import io.kubra.store.StoreException;
import io.kubra.store.Watch;
import io.kubra.store.WatchListener;
import io.kubra.store.etcd.v3.CompactionRequest;
import io.kubra.store.etcd.v3.DeleteRangeRequest;
import io.kubra.store.etcd.v3.KVGrpc;
import io.kubra.store.etcd.v3.PutRequest;
import io.kubra.store.etcd.v3.RangeRequest;
import io.kubra.store.etcd.v3.RangeResponse;
import io.kubra.store.etcd.v3.RequestOp;
import io.kubra.store.etcd.v3.TxnRequest;
import io.kubra.store.etcd.v3.TxnResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A store in etcd. All reads are linearizable, so that several API servers on one etcd see each
 * other's writes. Every write is durable once etcd acknowledges it: {@link Durability} makes no
 * difference.
 *
 * <p>A call made while no member answers waits a while for one. A write whose connection broke may
 * have happened; it fails, and its caller reads what there is.
 */
public final class EtcdStore implements Store {
  private static final long CALL_SECONDS = 10;

  /** How long requests go on when nobody listens at etcd's address. */
  private static final Duration IMPATIENCE = Duration.ofMillis(2500);

  private static final Duration PAUSE = Duration.ofMillis(25);

  // etcd tells nobody how far it is compacted, so whoever compacts notes it, under upstream's key.
  private static final String COMPACTED = "compact_rev_key";

  private final EtcdConnection connection;
  private final KVGrpc.KVBlockingStub stub;
  private final Set<EtcdWatch> watches = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean closed;

  private EtcdStore(EtcdConfig config) {
    connection = new EtcdConnection(config);
    stub = KVGrpc.newBlockingStub(connection.channel());
  }

  /**
   * Connects, and returns when etcd answers.
   *
   * @throws StoreException when it does not, or refuses the certificate
   */
  public static EtcdStore open(EtcdConfig config) {
    EtcdStore store = new EtcdStore(config);
    try {
      store.revision(Duration.ofSeconds(CALL_SECONDS));
      return store;
    } catch (StoreException e) {
      store.close();
      throw e;
    }
  }

  private <T> T call(Function<KVGrpc.KVBlockingStub, T> request) {
    return call(request, IMPATIENCE);
  }

  /** What never left is tried again for a while, as upstream's client does. */
  private <T> T call(Function<KVGrpc.KVBlockingStub, T> request, Duration patience) {
    long giveUp = System.nanoTime() + patience.toNanos();
    while (true) {
      if (closed) {
        throw new StoreClosedException();
      }
      try {
        return request.apply(stub.withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS));
      } catch (StatusRuntimeException e) {
        if (closed) {
          throw new StoreClosedException();
        }
        if (EtcdErrors.compacted(e) || EtcdErrors.future(e)) {
          throw e;
        }
        if (!EtcdErrors.notSent(e) || System.nanoTime() - giveUp >= 0 || Thread.interrupted()) {
          throw EtcdErrors.of(e);
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      connection.hurry();
    }
  }

  @Override
  public long revision() {
    return revision(IMPATIENCE);
  }

  private long revision(Duration patience) {
    return call(
        s ->
            s.range(RangeRequest.newBuilder().setKey(Wire.ZERO).setCountOnly(true).build())
                .getHeader()
                .getRevision(),
        patience);
  }

  @Override
  public long compactRevision() {
    Entry note = get(COMPACTED);
    return note == null ? 1 : Long.parseLong(new String(note.value(), StandardCharsets.UTF_8));
  }

  @Override
  public @Nullable Entry get(String key) {
    RangeResponse found =
        call(s -> s.range(RangeRequest.newBuilder().setKey(Wire.key(key)).build()));
    return found.getKvsCount() == 0 ? null : Wire.entry(found.getKvs(0));
  }

  @Override
  public Range range(String startInclusive, String endExclusive, int limit, long revision) {
    if (limit < 0 || revision < 0) {
      throw new IllegalArgumentException("neither limit nor revision may be negative");
    }
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(Wire.key(startInclusive))
            .setRangeEnd(Wire.end(endExclusive))
            .setLimit(limit)
            .setRevision(revision)
            .build();
    try {
      RangeResponse found = call(s -> s.range(request));
      return new Range(
          found.getKvsList().stream().map(Wire::entry).toList(),
          revision == 0 ? found.getHeader().getRevision() : revision,
          found.getCount(),
          found.getMore());
    } catch (StatusRuntimeException e) {
      throw EtcdErrors.compacted(e)
          ? new CompactedException(revision, compactRevision())
          : new FutureRevisionException(revision, revision());
    }
  }

  @Override
  public long count(String startInclusive, String endExclusive) {
    return call(
        s ->
            s.range(
                    RangeRequest.newBuilder()
                        .setKey(Wire.key(startInclusive))
                        .setRangeEnd(Wire.end(endExclusive))
                        .setCountOnly(true)
                        .build())
                .getCount());
  }

  @Override
  public Entry put(String key, byte[] value, long expectedModRevision, Durability durability) {
    if (key.isEmpty() || expectedModRevision < ANY) {
      throw new IllegalArgumentException("no such key or revision: " + expectedModRevision);
    }
    ByteString name = Wire.key(key);
    TxnRequest.Builder txn =
        TxnRequest.newBuilder()
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestPut(
                        PutRequest.newBuilder().setKey(name).setValue(Wire.value(value))))
            .addSuccess(Wire.read(name, true))
            .addFailure(Wire.read(name, false));
    if (expectedModRevision != ANY) {
      txn.addCompare(Wire.isAt(name, expectedModRevision));
    }
    TxnResponse done = call(s -> s.txn(txn.build()));
    if (!done.getSucceeded()) {
      throw new RevisionMismatchException(key, expectedModRevision, only(done));
    }
    return Wire.entry(done.getResponses(1).getResponseRange().getKvs(0), value);
  }

  @Override
  public Deleted delete(String key, long expectedModRevision, Durability durability) {
    if (expectedModRevision < ANY) {
      throw new IllegalArgumentException("no such revision: " + expectedModRevision);
    }
    ByteString name = Wire.key(key);
    TxnRequest txn =
        TxnRequest.newBuilder()
            .addCompare(
                expectedModRevision == ANY
                    ? Wire.exists(name)
                    : Wire.isAt(name, expectedModRevision))
            .addCompare(Wire.exists(name))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestDeleteRange(
                        DeleteRangeRequest.newBuilder().setKey(name).setPrevKv(true)))
            .addFailure(Wire.read(name, false))
            .build();
    TxnResponse done = call(s -> s.txn(txn));
    if (!done.getSucceeded()) {
      throw new RevisionMismatchException(key, expectedModRevision, only(done));
    }
    return new Deleted(
        Wire.entry(done.getResponses(0).getResponseDeleteRange().getPrevKvs(0)),
        done.getHeader().getRevision());
  }

  /** What a transaction that did not hold found. */
  private static @Nullable Entry only(TxnResponse failed) {
    RangeResponse found = failed.getResponses(0).getResponseRange();
    return found.getKvsCount() == 0 ? null : Wire.entry(found.getKvs(0));
  }

  @Override
  public Watch watch(
      String startInclusive, String endExclusive, long afterRevision, WatchListener listener) {
    long oldest = compactRevision();
    if (afterRevision < oldest) {
      throw new CompactedException(afterRevision, oldest);
    }
    EtcdWatch watch =
        new EtcdWatch(
            connection, startInclusive, endExclusive, afterRevision, listener, watches::remove);
    watches.add(watch);
    watch.begin();
    return watch;
  }

  @Override
  public void compact(long revision) {
    long known = compactRevision();
    if (revision <= known) {
      return;
    }
    try {
      call(s -> s.compact(CompactionRequest.newBuilder().setRevision(revision).build()));
    } catch (StatusRuntimeException e) {
      if (EtcdErrors.future(e)) {
        throw new FutureRevisionException(revision, revision());
      }
    }
    put(
        COMPACTED,
        Long.toString(revision).getBytes(StandardCharsets.UTF_8),
        ANY,
        Durability.DURABLE);
  }

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    try {
      if (!watches.isEmpty()) {
        long last = revision();
        watches.forEach(watch -> watch.finish(last));
      }
    } catch (StoreException e) {
      watches.forEach(watch -> watch.finish(0));
    } finally {
      closed = true;
      connection.close();
    }
  }
}
