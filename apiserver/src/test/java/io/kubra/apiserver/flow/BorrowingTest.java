package io.kubra.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BorrowingTest {
  @Test
  void idleLevelsLendToBusyOnesAndKeepWhatTheyMustNotLend() {
    int[] seats =
        Borrowing.share(
            List.of(
                new Borrowing.Need(10, 100, 0),
                new Borrowing.Need(20, 100, 0),
                new Borrowing.Need(20, 100, 900)),
            100);

    assertThat(seats[0]).isEqualTo(10);
    assertThat(seats[1]).isEqualTo(20);
    assertThat(seats[2]).isEqualTo(70);
    assertThat(Arrays.stream(seats).sum()).isBetween(99, 101);
  }

  @Test
  void whoeverMayNotBorrowGetsNoMoreThanHisOwn() {
    int[] seats =
        Borrowing.share(
            List.of(new Borrowing.Need(5, 50, 1000), new Borrowing.Need(5, 100, 10)), 100);

    assertThat(seats[0]).isEqualTo(50);
  }

  @Test
  void aHandHasDifferentCardsAndIsTheSameForOneFlow() {
    for (long hash : new long[] {0, 1, 7_919, Long.MAX_VALUE, Long.MIN_VALUE}) {
      int[] hand = PriorityLevel.hand(hash, 64, 6);

      assertThat(hand).hasSize(6).doesNotHaveDuplicates();
      assertThat(Arrays.stream(hand)).allMatch(card -> card >= 0 && card < 64);
      assertThat(PriorityLevel.hand(hash, 64, 6)).isEqualTo(hand);
    }
  }
}
