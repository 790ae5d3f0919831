package io.kubra.apiserver.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects events and passes them on in batches from a thread of its own, so that a slow receiver
 * does not hold requests up. Events that find the buffer full are dropped and counted.
 */
public final class BatchingSink implements AuditSink {
  private static final Logger log = LoggerFactory.getLogger(BatchingSink.class);
  private static final long CLOSING_SECONDS = 5;

  private final AuditSink next;
  private final int maxBatch;
  private final Duration maxWait;
  private final ArrayBlockingQueue<Map<String, Object>> buffer;
  private final LongAdder dropped;
  private final Thread thread;
  private volatile boolean closing;

  /**
   * @param bufferSize how many events may wait
   * @param maxBatch how many are passed on together
   * @param maxWait how long the first of them waits for more
   * @param dropped counts the events that found no place
   */
  public BatchingSink(
      AuditSink next, int bufferSize, int maxBatch, Duration maxWait, LongAdder dropped) {
    this.next = next;
    this.maxBatch = maxBatch;
    this.maxWait = maxWait;
    this.dropped = dropped;
    buffer = new ArrayBlockingQueue<>(bufferSize);
    thread = Thread.ofVirtual().name("audit-batches").start(this::run);
  }

  @Override
  public void accept(List<Map<String, Object>> events) {
    for (Map<String, Object> event : events) {
      if (closing || !buffer.offer(event)) {
        dropped.increment();
      }
    }
  }

  private void run() {
    List<Map<String, Object>> batch = new ArrayList<>();
    while (!closing || !buffer.isEmpty()) {
      try {
        collect(batch);
      } catch (InterruptedException e) {
        buffer.drainTo(batch, maxBatch);
      }
      if (!batch.isEmpty()) {
        pass(batch);
        batch.clear();
      }
    }
  }

  private void collect(List<Map<String, Object>> batch) throws InterruptedException {
    Map<String, Object> first = buffer.poll(1, TimeUnit.SECONDS);
    if (first == null) {
      return;
    }
    batch.add(first);
    long end = System.nanoTime() + maxWait.toNanos();
    while (batch.size() < maxBatch && !closing) {
      Map<String, Object> more = buffer.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (more == null) {
        return;
      }
      batch.add(more);
    }
  }

  private void pass(List<Map<String, Object>> batch) {
    try {
      next.accept(List.copyOf(batch));
    } catch (RuntimeException e) {
      log.error("{} audit events are lost", batch.size(), e);
    }
  }

  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(CLOSING_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    next.close();
  }
}
