package io.kubra.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PriorityLevelTest {
  private static final int SEATS = 3;

  private final FlowStats stats = new FlowStats("schema", "level");
  private final PriorityLevel level = level();

  private static PriorityLevel level() {
    LevelSpec spec = new LevelSpec("level", "", false, 10, 0, -1, 1, 1, 10);
    PriorityLevel made = new PriorityLevel(spec);
    made.configure(spec, new Seats(SEATS, SEATS, SEATS));
    return made;
  }

  private Object acquire(int width, long millis) {
    return level.acquire(1, width, "schema", "flow", TimeUnit.MILLISECONDS.toNanos(millis), stats);
  }

  @Test
  void whenAWideRequestGivesUpThoseBehindItNeedNotWaitForASeatToBecomeFree() throws Exception {
    PriorityLevel.Place held = (PriorityLevel.Place) acquire(1, 0);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var wide = threads.submit(() -> acquire(SEATS, 500));
      await().until(() -> level.state().waiting() == 1);
      var behind = threads.submit(() -> acquire(1, 20_000));

      assertThat(wide.get(10, TimeUnit.SECONDS)).isEqualTo(PriorityLevel.Refusal.TIME_OUT);
      try {
        assertThat(behind.get(10, TimeUnit.SECONDS)).isInstanceOf(PriorityLevel.Place.class);
      } finally {
        level.release(held, 0);
      }
    }
  }
}
