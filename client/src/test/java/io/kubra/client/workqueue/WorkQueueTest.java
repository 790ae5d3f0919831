package io.kubra.client.workqueue;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.metrics.MetricRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final InstantSource clock = now::get;
  private final MetricRegistry metrics = new MetricRegistry();
  private final WorkQueue<String> queue =
      new WorkQueue<>(clock, WorkQueueMetrics.of(metrics, "test"));

  @Test
  void aKeyAddedTwiceIsHandedOutOnce() throws Exception {
    queue.add("a");
    queue.add("a");
    queue.add("b");

    assertThat(queue.get()).isEqualTo("a");
    assertThat(queue.get()).isEqualTo("b");
    assertThat(queue.depth()).isZero();
  }

  @Test
  void aKeyAddedWhileWorkedOnIsHandedOutAgainAfterwards() throws Exception {
    queue.add("a");
    assertThat(queue.get()).isEqualTo("a");
    queue.add("a");
    assertThat(queue.depth()).isZero();

    queue.done("a");

    assertThat(queue.get()).isEqualTo("a");
  }

  @Test
  void aDelayedKeyWaitsForItsTimeAndTheEarlierDelayWins() throws Exception {
    queue.addAfter("late", Duration.ofSeconds(10));
    queue.addAfter("late", Duration.ofSeconds(5));
    queue.add("now");
    assertThat(queue.get()).isEqualTo("now");
    assertThat(queue.depth()).isZero();

    now.set(Instant.EPOCH.plusSeconds(5));

    assertThat(queue.get()).isEqualTo("late");
    queue.done("late");
    now.set(Instant.EPOCH.plusSeconds(20));
    queue.add("last");
    assertThat(queue.get()).isEqualTo("last");
    assertThat(queue.depth()).isZero();
  }

  @Test
  void failuresDoubleTheDelayUntilForgotten() throws Exception {
    for (int i = 0; i < 4; i++) {
      queue.addRateLimited("a");
      now.updateAndGet(t -> t.plusMillis(5L << queue.failures("a")));
      assertThat(queue.get()).isEqualTo("a");
      queue.done("a");
    }
    assertThat(queue.failures("a")).isEqualTo(4);

    queue.forget("a");

    assertThat(queue.failures("a")).isZero();
  }

  @Test
  void whatGoesThroughIsCounted() throws Exception {
    queue.add("a");
    queue.add("a");
    queue.add("b");
    assertThat(queue.get()).isEqualTo("a");
    queue.add("a");
    queue.add("a");
    queue.addRateLimited("c");

    assertThat(text())
        .contains("workqueue_depth{name=\"test\"} 1\n")
        .contains("workqueue_adds_total{name=\"test\"} 3\n")
        .contains("workqueue_retries_total{name=\"test\"} 1\n")
        .contains("workqueue_queue_duration_seconds_count{name=\"test\"} 1\n")
        .contains("workqueue_work_duration_seconds_count{name=\"test\"} 0\n")
        .doesNotContain("workqueue_unfinished_work_seconds{name=\"test\"} 0\n");

    queue.done("a");

    assertThat(text())
        .contains("workqueue_depth{name=\"test\"} 2\n")
        .contains("workqueue_adds_total{name=\"test\"} 3\n")
        .contains("workqueue_work_duration_seconds_count{name=\"test\"} 1\n")
        .contains("workqueue_longest_running_processor_seconds{name=\"test\"} 0\n");
  }

  private String text() {
    return new String(metrics.text(), StandardCharsets.UTF_8);
  }

  @Test
  void closingEndsTheWait() throws Exception {
    queue.close();

    assertThat(queue.get()).isNull();
  }
}
