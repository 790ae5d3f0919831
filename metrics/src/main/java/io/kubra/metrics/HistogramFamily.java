package io.kubra.metrics;

/** Histograms of one name, all with the same buckets. */
public final class HistogramFamily extends LabelledFamily<Histogram> {
  private final double[] bounds;

  HistogramFamily(String name, String help, double[] bounds, String... labels) {
    super(name, MetricType.HISTOGRAM, help, labels);
    this.bounds = bounds;
  }

  @Override
  Histogram create() {
    return new Histogram(bounds);
  }

  @Override
  void sample(MetricText out, Histogram child, String[] labelled) {
    out.histogram(child, labelled);
  }
}
