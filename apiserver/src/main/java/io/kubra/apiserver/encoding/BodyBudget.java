package io.kubra.apiserver.encoding;

import io.kubra.api.status.ApiException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory for bodies at work. A body becomes a tree that takes many times its size, the more the
 * more it is made to; a handful of the largest at once would take all there is. Small bodies pass
 * freely, large ones wait for one another, from before they are read until their request is over.
 */
final class BodyBudget {
  /** One for all servers of the process, as they have one memory. */
  static final BodyBudget OF_PROCESS =
      new BodyBudget(Runtime.getRuntime().maxMemory() / 3, Duration.ofSeconds(10));

  private static final int SMALL = 16 * 1024;
  private static final int UNIT = 1024;
  private static final int JSON_TIMES = 20;

  /** The library's nodes and their positions come on top. */
  private static final int YAML_TIMES = 60;

  private final int total;
  private final Duration patience;
  private final Semaphore free;

  /**
   * All of it free.
   *
   * @param bytes the memory for all bodies together
   * @param patience how long a body waits for its share
   */
  BodyBudget(long bytes, Duration patience) {
    this.total = (int) Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
    this.patience = patience;
    this.free = new Semaphore(total, true);
  }

  /**
   * Takes a body's share.
   *
   * @return gives it back
   * @throws ApiException 429 if it did not become free in time
   */
  Runnable take(long length, boolean yaml) {
    if (length <= SMALL) {
      return () -> {};
    }
    int share = (int) Math.min(total, length * (yaml ? YAML_TIMES : JSON_TIMES) / UNIT);
    try {
      if (!free.tryAcquire(share, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw ApiException.tooManyRequests(
            "The server is busy with other large requests, please try again later.", 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.tooManyRequests("The server is going down.", 1);
    }
    return () -> free.release(share);
  }
}
