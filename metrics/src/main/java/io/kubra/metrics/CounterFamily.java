package io.kubra.metrics;

import java.util.concurrent.atomic.LongAdder;

/** Counters of one name. */
public final class CounterFamily extends LabelledFamily<LongAdder> {
  CounterFamily(String name, String help, String... labels) {
    super(name, MetricType.COUNTER, help, labels);
  }

  @Override
  LongAdder create() {
    return new LongAdder();
  }

  @Override
  void sample(MetricText out, LongAdder child, String[] labelled) {
    out.sample(child.sum(), labelled);
  }
}
