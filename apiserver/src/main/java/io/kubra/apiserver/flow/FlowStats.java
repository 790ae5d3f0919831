package io.kubra.apiserver.flow;

import io.kubra.metrics.Histogram;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of the requests of one schema in one level. */
final class FlowStats {
  private static final double[] WAIT_SECONDS = {
    0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30
  };
  private static final double[] RUN_SECONDS = {
    0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30
  };

  final String schema;
  final String level;
  final LongAdder dispatched = new LongAdder();
  final LongAdder queueFull = new LongAdder();
  final LongAdder overLimit = new LongAdder();
  final LongAdder timedOut = new LongAdder();
  final LongAdder waiting = new LongAdder();
  final LongAdder executing = new LongAdder();
  final LongAdder executingSeats = new LongAdder();
  final Histogram waitSeconds = new Histogram(WAIT_SECONDS);
  final Histogram runSeconds = new Histogram(RUN_SECONDS);

  FlowStats(String schema, String level) {
    this.schema = schema;
    this.level = level;
  }
}
