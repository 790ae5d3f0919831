package io.kubra.cli.podlogs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.cli.CliException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogSelectionTest {
  @ParameterizedTest
  @CsvSource({"30s,PT30S", "5m,PT5M", "2h,PT2H", "1h30m,PT1H30M", "1h2m3s,PT1H2M3S"})
  void durationsAreThoseOfKubectl(String text, Duration duration) {
    assertThat(LogSelection.duration(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "0s", "m5", "-5m", "5m ", "1d", "99999999999h"})
  void othersAreRefused(String text) {
    assertThatThrownBy(() -> LogSelection.duration(text))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("--since takes a duration");
  }
}
