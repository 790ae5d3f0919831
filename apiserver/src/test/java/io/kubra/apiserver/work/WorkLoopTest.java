package io.kubra.apiserver.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.api.status.ApiException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkLoopTest {
  private final List<String> done = new CopyOnWriteArrayList<>();

  private WorkLoop loop(WorkLoop.Work work) {
    return new WorkLoop("thing", Duration.ofMillis(20), work);
  }

  @Test
  void aNameThatWaitsIsWorkedOnOnce() {
    try (WorkLoop loop =
        loop(
            name -> {
              done.add(name);
              return Duration.ZERO;
            })) {
      loop.addAll(List.of("a", "b", "a"));
      loop.start();
      await().until(() -> done.size() == 2);
      loop.add("a");
      await().until(() -> done.size() == 3);
    }
    assertThat(done).containsExactly("a", "b", "a");
  }

  @Test
  void whatFailsIsTriedAgainAndDoesNotHoldUpTheRest() {
    AtomicInteger tries = new AtomicInteger();
    try (WorkLoop loop =
        loop(
            name -> {
              if (name.equals("bad") && tries.incrementAndGet() < 3) {
                throw tries.get() == 1
                    ? ApiException.notFound("", "things", name)
                    : new IllegalStateException("not yet");
              }
              done.add(name);
              return Duration.ZERO;
            })) {
      loop.start();
      loop.add("bad");
      loop.add("good");
      await().until(() -> done.size() == 2);
    }
    assertThat(done).containsExactly("good", "bad");
  }

  @Test
  void whatIsDueAgainComesAgain() {
    try (WorkLoop loop =
        loop(
            name -> {
              done.add(name);
              return done.size() < 3 ? Duration.ofMillis(5) : Duration.ZERO;
            })) {
      loop.start();
      loop.add("a");
      await().until(() -> done.size() == 3);
    }
  }
}
