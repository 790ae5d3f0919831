package io.kubra.apiserver.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.api.status.ApiException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
  private static final int MIB = 1024 * 1024;

  @Test
  void largeBodiesWaitForOneAnotherAndSmallOnesDoNot() {
    BodyBudget budget = new BodyBudget(64L * MIB, Duration.ofMillis(50));
    Runnable first = budget.take(3 * MIB, false);
    assertThatThrownBy(() -> budget.take(3 * MIB, false))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(429));
    budget.take(16 * 1024, true).run();

    first.run();
    budget.take(3 * MIB, false).run();
  }

  @Test
  void aBodyThatNeedsMoreThanThereIsGetsAll() {
    BodyBudget budget = new BodyBudget(64L * MIB, Duration.ofMillis(50));
    Runnable all = budget.take(3 * MIB, true);
    assertThatThrownBy(() -> budget.take(20 * 1024, false)).isInstanceOf(ApiException.class);
    all.run();
  }
}
