package io.kubra.apiserver;

import io.kubra.api.status.ApiException;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.request.RequestInfo;
import io.kubra.apiserver.request.RequestLimit;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Limits how many requests are worked on at once, separately for reads and writes. A request waits
 * a little for its turn before it is refused. Watches, connections and administrators do not count.
 */
final class InFlightLimit implements RequestLimit {
  private static final long WAIT_SECONDS = 5;

  private final int maxReads;
  private final int maxWrites;
  private final Semaphore reads;
  private final Semaphore writes;
  private final Turn readDone;
  private final Turn writeDone;

  InFlightLimit(int maxReads, int maxWrites) {
    this.maxReads = maxReads;
    this.maxWrites = maxWrites;
    reads = new Semaphore(maxReads);
    writes = new Semaphore(maxWrites);
    readDone = reads::release;
    writeDone = writes::release;
  }

  /** How many reads are worked on, those that do not count left aside. */
  int readsInFlight() {
    return maxReads - reads.availablePermits();
  }

  /** How many writes are worked on, those that do not count left aside. */
  int writesInFlight() {
    return maxWrites - writes.availablePermits();
  }

  @Override
  public Turn enter(RequestContext c) {
    RequestInfo info = c.info();
    if (!info.resourceRequest()
        || info.verb().equals("watch")
        || RequestLimit.lasts(info)
        || c.user().in(UserInfo.MASTERS)) {
      return Turn.FREE;
    }
    boolean read = info.verb().equals("get") || info.verb().equals("list");
    Semaphore places = read ? reads : writes;
    if (!places.tryAcquire() && !waitFor(places)) {
      throw ApiException.tooManyRequests("Too many requests, please try again later.", 1);
    }
    return read ? readDone : writeDone;
  }

  private static boolean waitFor(Semaphore places) {
    try {
      return places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
