package io.kubra.metrics;

import java.nio.charset.StandardCharsets;

/**
 * Writes Prometheus' text exposition format 0.0.4: a family's head, then its samples. Used by one
 * thread.
 */
public final class MetricText {
  /** The media type of what {@link #bytes} returns. */
  public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** The time of a sample that has none of its own. */
  public static final long NOW = 0;

  private final StringBuilder text = new StringBuilder(4096);
  private String name = "";

  /** Begins a family; the samples that follow belong to it. */
  public void family(String family, MetricType type, String help) {
    name = family;
    text.append("# HELP ").append(family).append(' ');
    escape(help, false);
    text.append("\n# TYPE ").append(family).append(' ').append(type.text()).append('\n');
  }

  /**
   * Writes a sample.
   *
   * @param labels names and values in turn
   */
  public void sample(double value, String... labels) {
    sampleAt(value, NOW, labels);
  }

  /**
   * Writes a sample that was taken at a known moment.
   *
   * @param timeMillis milliseconds since 1970, or {@link #NOW}
   * @param labels names and values in turn
   */
  public void sampleAt(double value, long timeMillis, String... labels) {
    line("", value, timeMillis, "", 0, labels);
  }

  /**
   * Writes all samples of a histogram.
   *
   * @param labels names and values in turn
   */
  public void histogram(Histogram histogram, String... labels) {
    double[] bounds = histogram.bounds();
    long[] counts = histogram.counts();
    long total = 0;
    for (int i = 0; i < bounds.length; i++) {
      total += counts[i];
      line("_bucket", total, NOW, "le", bounds[i], labels);
    }
    total += counts[bounds.length];
    line("_bucket", total, NOW, "le", Double.POSITIVE_INFINITY, labels);
    line("_sum", histogram.sum(), NOW, "", 0, labels);
    line("_count", total, NOW, "", 0, labels);
  }

  private void line(
      String suffix,
      double value,
      long timeMillis,
      String boundLabel,
      double bound,
      String... labels) {
    text.append(name).append(suffix);
    char before = '{';
    for (int i = 0; i + 1 < labels.length; i += 2) {
      text.append(before).append(labels[i]).append("=\"");
      escape(labels[i + 1], true);
      text.append('"');
      before = ',';
    }
    if (!boundLabel.isEmpty()) {
      text.append(before).append(boundLabel).append("=\"");
      number(bound);
      text.append('"');
      before = ',';
    }
    if (before == ',') {
      text.append('}');
    }
    text.append(' ');
    number(value);
    if (timeMillis != NOW) {
      text.append(' ').append(timeMillis);
    }
    text.append('\n');
  }

  private void number(double value) {
    if (value == Double.POSITIVE_INFINITY) {
      text.append("+Inf");
    } else if (value == Double.NEGATIVE_INFINITY) {
      text.append("-Inf");
    } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      text.append((long) value);
    } else {
      text.append(value);
    }
  }

  private void escape(String value, boolean quotes) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '"' -> text.append(quotes ? "\\\"" : "\"");
        default -> text.append(c);
      }
    }
  }

  /** All that was written. */
  public byte[] bytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
