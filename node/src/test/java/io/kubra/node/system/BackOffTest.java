package io.kubra.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BackOffTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final BackOff backOff =
      new BackOff(() -> now, Duration.ofSeconds(10), Duration.ofMinutes(5));

  @Test
  void pausesDoubleUpToTheLongest() {
    assertThat(backOff.waiting("k")).isFalse();
    for (int seconds : new int[] {10, 20, 40, 80, 160, 300, 300}) {
      backOff.next("k");
      assertThat(backOff.length("k")).isEqualTo(Duration.ofSeconds(seconds));
      assertThat(backOff.remaining("k", now)).isEqualTo(Duration.ofSeconds(seconds));
      now = now.plusSeconds(seconds);
      assertThat(backOff.waiting("k")).isFalse();
    }
  }

  @Test
  void aLongTimeWithoutFailureStartsAnew() {
    backOff.next("k");
    backOff.next("k");
    now = now.plus(Duration.ofMinutes(11));
    backOff.next("k");
    assertThat(backOff.length("k")).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void keysDoNotKnowOfEachOther() {
    backOff.next("a_1");
    backOff.next("b_1");
    backOff.resetAll("a_");
    assertThat(backOff.waiting("a_1")).isFalse();
    assertThat(backOff.waiting("b_1")).isTrue();
  }
}
