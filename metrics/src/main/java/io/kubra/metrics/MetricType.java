package io.kubra.metrics;

/** What a family's values mean, by the names of the text format. */
public enum MetricType {
  /** Only grows, until its process starts again. */
  COUNTER("counter"),
  /** Goes up and down. */
  GAUGE("gauge"),
  /** Counts of observations at or below each bound. */
  HISTOGRAM("histogram");

  private final String text;

  MetricType(String text) {
    this.text = text;
  }

  /** The name in the text format. */
  public String text() {
    return text;
  }
}
