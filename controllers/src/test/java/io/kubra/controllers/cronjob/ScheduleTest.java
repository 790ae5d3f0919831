package io.kubra.controllers.cronjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * * *|2026-01-01T00:00:00Z|2026-01-01T00:01:00Z",
        "*/15 * * * *|2026-01-01T00:14:59Z|2026-01-01T00:15:00Z",
        "0 9-17/4 * * *|2026-01-01T09:00:00Z|2026-01-01T13:00:00Z",
        "0 0 29 feb *|2026-01-01T00:00:00Z|2028-02-29T00:00:00Z",
        "30 8 * * mon-fri|2026-01-02T09:00:00Z|2026-01-05T08:30:00Z",
        "0 0 13 * fri|2026-01-03T00:00:00Z|2026-01-09T00:00:00Z",
        "0 0 */2 * mon|2026-01-01T00:00:00Z|2026-01-03T00:00:00Z",
        "5/20 * * * *|2026-01-01T00:06:00Z|2026-01-01T00:25:00Z",
        "@hourly|2026-01-01T00:30:00Z|2026-01-01T01:00:00Z",
        "@weekly|2026-01-01T00:00:00Z|2026-01-04T00:00:00Z",
        "@every 1h30m|2026-01-01T00:00:00Z|2026-01-01T01:30:00Z",
      })
  void theNextTimeIs(String schedule, Instant after, Instant next) {
    assertThat(Schedule.parse(schedule, ZoneOffset.UTC).next(after)).isEqualTo(next);
  }

  @Test
  void aLocalTimeThatTheClockSkipsIsSkipped() {
    Schedule schedule = Schedule.parse("30 2 * * *", ZoneId.of("Europe/Berlin"));
    assertThat(schedule.next(Instant.parse("2026-03-28T12:00:00Z")))
        .isEqualTo(Instant.parse("2026-03-30T00:30:00Z"));
  }

  @Test
  void aDateThatNeverComesHasNoNextTime() {
    assertThat(Schedule.parse("0 0 31 2 *", ZoneOffset.UTC).next(Instant.EPOCH)).isNull();
  }

  @Test
  void whatIsNoScheduleIsRefused() {
    assertThatThrownBy(() -> Schedule.parse("61 * * * *", ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Schedule.parse("* * *", ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
