package io.kubra.scheduler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.metrics.MetricRegistry;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodSpec;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.scheduler.metrics.SchedulerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PodQueueTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final MetricRegistry metrics = new MetricRegistry();
  private final PodQueue queue =
      new PodQueue(now::get, new SchedulerMetrics(metrics, "default-scheduler"));

  private static Pod pod(String name, int priority) {
    return Pod.builder()
        .metadata(ObjectMeta.builder().namespace("default").name(name).uid(name).build())
        .spec(PodSpec.builder().priority(priority).build())
        .build();
  }

  private boolean empty() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Pod> take = queue::take;
      var taken = threads.submit(take);
      try {
        taken.get(50, TimeUnit.MILLISECONDS);
        return false;
      } catch (TimeoutException e) {
        taken.cancel(true);
        return true;
      }
    }
  }

  @Test
  void higherPriorityComesFirstThenAge() throws Exception {
    queue.put(pod("first", 0));
    now.set(now.get().plusMillis(1));
    queue.put(pod("second", 0));
    queue.put(pod("urgent", 10));

    assertThat(queue.take().metadata().name()).isEqualTo("urgent");
    assertThat(queue.take().metadata().name()).isEqualTo("first");
    assertThat(queue.take().metadata().name()).isEqualTo("second");
  }

  @Test
  void aParkedPodReturnsAfterAChangeAndItsBackOff() throws Exception {
    queue.put(pod("a", 0));
    Pod taken = queue.take();
    queue.park(taken, queue.moves());
    assertThat(empty()).isTrue();

    queue.wake("NodeAdd");
    assertThat(empty()).isTrue();
    now.set(now.get().plus(Duration.ofSeconds(1)));

    assertThat(queue.take().metadata().name()).isEqualTo("a");
  }

  @Test
  void aChangeDuringTheAttemptIsNotLost() throws Exception {
    queue.put(pod("a", 0));
    Pod taken = queue.take();
    long moves = queue.moves();
    queue.wake("NodeAdd");

    queue.park(taken, moves);
    now.set(now.get().plus(Duration.ofSeconds(1)));

    assertThat(queue.take().metadata().name()).isEqualTo("a");
  }

  @Test
  void aRemovedPodIsNotHandedOut() throws Exception {
    queue.put(pod("a", 0));
    queue.put(pod("b", 0));
    queue.remove("a");

    assertThat(queue.take().metadata().name()).isEqualTo("b");
  }
}
