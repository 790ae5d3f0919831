package io.kubra.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;

/**
 * The metrics of one process, written together. A family that is asked for again under the same
 * name is the same family.
 */
public final class MetricRegistry {
  private final Map<String, MetricSource> families = new ConcurrentSkipListMap<>();
  private final List<MetricSource> sources = new CopyOnWriteArrayList<>();

  /** Counters of one name. */
  public CounterFamily counter(String name, String help, String... labels) {
    return (CounterFamily) families.computeIfAbsent(name, n -> new CounterFamily(n, help, labels));
  }

  /** Gauges of one name. */
  public GaugeFamily gauge(String name, String help, String... labels) {
    return (GaugeFamily) families.computeIfAbsent(name, n -> new GaugeFamily(n, help, labels));
  }

  /** A gauge without labels that is read when the metrics are. */
  public void gauge(String name, String help, DoubleSupplier value) {
    gauge(name, help, new String[0]).with().read(value);
  }

  /** Histograms of one name. */
  public HistogramFamily histogram(String name, String help, double[] bounds, String... labels) {
    return (HistogramFamily)
        families.computeIfAbsent(name, n -> new HistogramFamily(n, help, bounds, labels));
  }

  /** Adds something that writes families of its own. */
  public void add(MetricSource source) {
    sources.add(source);
  }

  /** Writes everything. */
  public void write(MetricText out) {
    families.values().forEach(family -> family.write(out));
    sources.forEach(source -> source.write(out));
  }

  /** Everything in the text format. */
  public byte[] text() {
    MetricText out = new MetricText();
    write(out);
    return out.bytes();
  }
}
