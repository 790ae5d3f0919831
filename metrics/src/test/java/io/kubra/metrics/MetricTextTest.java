package io.kubra.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MetricTextTest {
  private final MetricRegistry registry = new MetricRegistry();

  private String text() {
    return new String(registry.text(), StandardCharsets.UTF_8);
  }

  @Test
  void aCounterIsWrittenWithItsHeadAndItsLabels() {
    registry
        .counter("requests_total", "Requests so far.", "code", "verb")
        .with("200", "get")
        .add(3);
    assertThat(text())
        .isEqualTo(
            """
            # HELP requests_total Requests so far.
            # TYPE requests_total counter
            requests_total{code="200",verb="get"} 3
            """);
  }

  @Test
  void labelValuesAndHelpAreEscaped() {
    registry.gauge("g", "one\nline with \\ and \"", "path").with("a\"b\\c\nd").set(0.5);
    assertThat(text())
        .isEqualTo(
            """
            # HELP g one\\nline with \\\\ and "
            # TYPE g gauge
            g{path="a\\"b\\\\c\\nd"} 0.5
            """);
  }

  @Test
  void bucketsOfAHistogramAddUpAndIncludeTheirBounds() {
    Histogram seconds =
        registry.histogram("s", "Seconds.", new double[] {0.1, 1, 10}, "k").with("v");
    seconds.observe(0.1);
    seconds.observe(0.5);
    seconds.observe(11);
    assertThat(text())
        .isEqualTo(
            """
            # HELP s Seconds.
            # TYPE s histogram
            s_bucket{k="v",le="0.1"} 1
            s_bucket{k="v",le="1"} 2
            s_bucket{k="v",le="10"} 2
            s_bucket{k="v",le="+Inf"} 3
            s_sum{k="v"} 11.6
            s_count{k="v"} 3
            """);
  }

  @Test
  void aFamilyAskedForTwiceIsTheSame() {
    registry.counter("c", "").with().increment();
    registry.counter("c", "").with().increment();
    assertThat(text()).endsWith("\nc 2\n");
  }

  @Test
  void childrenAreForgottenByTheValueOfALabel() {
    CounterFamily family = registry.counter("c", "", "pod", "result");
    family.with("a", "good").increment();
    family.with("a", "bad").increment();
    family.with("b", "good").increment();
    family.removeAll("pod", "a");
    assertThat(text()).contains("pod=\"b\"").doesNotContain("pod=\"a\"");
  }

  @Test
  void aWrongNumberOfLabelValuesIsRefused() {
    CounterFamily family = registry.counter("c", "", "pod");
    assertThatThrownBy(() -> family.with("a", "b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSampleMayCarryItsTime() {
    MetricText out = new MetricText();
    out.family("g", MetricType.GAUGE, "");
    out.sampleAt(Double.NaN, 1_700_000_000_123L);
    out.sample(1e300);
    assertThat(new String(out.bytes(), StandardCharsets.UTF_8))
        .endsWith("\ng NaN 1700000000123\ng 1.0E300\n");
  }

  @Test
  void theProcessSaysWhatItUses() {
    registry.add(new ProcessMetrics());
    assertThat(text())
        .containsPattern("process_resident_memory_bytes [1-9]")
        .containsPattern("process_cpu_seconds_total [0-9]")
        .containsPattern("process_open_fds [1-9]")
        .containsPattern("process_max_fds ([1-9]|\\+Inf)")
        .containsPattern("process_start_time_seconds 1\\.[0-9]+E9")
        .containsPattern("process_threads [1-9]");
  }
}
