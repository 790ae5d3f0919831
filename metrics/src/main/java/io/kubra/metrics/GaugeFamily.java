package io.kubra.metrics;

import java.util.function.DoubleSupplier;

/** Gauges of one name. */
public final class GaugeFamily extends LabelledFamily<GaugeFamily.Gauge> {
  GaugeFamily(String name, String help, String... labels) {
    super(name, MetricType.GAUGE, help, labels);
  }

  /** A value that goes up and down. */
  public static final class Gauge {
    private volatile DoubleSupplier value = () -> 0;

    /** Sets the value. */
    public void set(double now) {
      value = () -> now;
    }

    /** Lets the value be read when the metrics are. */
    public void read(DoubleSupplier now) {
      value = now;
    }
  }

  @Override
  Gauge create() {
    return new Gauge();
  }

  @Override
  void sample(MetricText out, Gauge child, String[] labelled) {
    out.sample(child.value.getAsDouble(), labelled);
  }
}
