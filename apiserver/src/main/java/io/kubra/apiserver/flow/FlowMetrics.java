package io.kubra.apiserver.flow;

import io.kubra.metrics.Histogram;
import io.kubra.metrics.MetricSource;
import io.kubra.metrics.MetricText;
import io.kubra.metrics.MetricType;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Upstream's {@code apiserver_flowcontrol_*}. */
public final class FlowMetrics implements MetricSource {
  private static final String PREFIX = "apiserver_flowcontrol_";
  private final FlowControl control;

  public FlowMetrics(FlowControl control) {
    this.control = control;
  }

  @Override
  public void write(MetricText out) {
    counted(
        out,
        "dispatched_requests_total",
        MetricType.COUNTER,
        "Number of requests executed by API Priority and Fairness",
        s -> s.dispatched.sum());
    rejected(out);
    counted(
        out,
        "current_inqueue_requests",
        MetricType.GAUGE,
        "Number of requests currently pending in queues",
        s -> s.waiting.sum());
    counted(
        out,
        "current_executing_requests",
        MetricType.GAUGE,
        "Number of requests in execution",
        s -> s.executing.sum());
    counted(
        out,
        "current_executing_seats",
        MetricType.GAUGE,
        "Concurrency (number of seats) occupied by the currently executing requests",
        s -> s.executingSeats.sum());
    histogram(
        out,
        "request_wait_duration_seconds",
        "Length of time a request spent waiting in its queue",
        s -> s.waitSeconds,
        "execute",
        "true");
    histogram(
        out,
        "request_execution_seconds",
        "Duration of request execution",
        s -> s.runSeconds,
        "type",
        "regular");
    level(
        out,
        "nominal_limit_seats",
        "Nominal number of execution seats configured for each priority level",
        l -> l.seats().nominal());
    level(
        out,
        "lower_limit_seats",
        "Configured lower bound on number of execution seats available to each priority level",
        l -> l.seats().lower());
    level(
        out,
        "upper_limit_seats",
        "Configured upper bound on number of execution seats available to each priority level",
        l -> l.seats().upper());
    level(
        out,
        "current_limit_seats",
        "current derived number of execution seats available to each priority level",
        PriorityLevel::limit);
  }

  private void counted(
      MetricText out,
      String name,
      MetricType type,
      String help,
      ToDoubleFunction<FlowStats> value) {
    out.family(PREFIX + name, type, help);
    for (FlowStats s : control.stats()) {
      out.sample(value.applyAsDouble(s), "flow_schema", s.schema, "priority_level", s.level);
    }
  }

  private void rejected(MetricText out) {
    out.family(
        PREFIX + "rejected_requests_total",
        MetricType.COUNTER,
        "Number of requests rejected by API Priority and Fairness");
    for (FlowStats s : control.stats()) {
      reason(out, s, "queue-full", s.queueFull.sum());
      reason(out, s, "concurrency-limit", s.overLimit.sum());
      reason(out, s, "time-out", s.timedOut.sum());
    }
  }

  private static void reason(MetricText out, FlowStats s, String reason, long count) {
    if (count > 0) {
      out.sample(count, "flow_schema", s.schema, "priority_level", s.level, "reason", reason);
    }
  }

  private void histogram(
      MetricText out,
      String name,
      String help,
      Function<FlowStats, Histogram> value,
      String label,
      String text) {
    out.family(PREFIX + name, MetricType.HISTOGRAM, help);
    for (FlowStats s : control.stats()) {
      if (s.dispatched.sum() > 0) {
        out.histogram(
            value.apply(s), label, text, "flow_schema", s.schema, "priority_level", s.level);
      }
    }
  }

  private void level(
      MetricText out, String name, String help, ToDoubleFunction<PriorityLevel> value) {
    out.family(PREFIX + name, MetricType.GAUGE, help);
    for (PriorityLevel level : control.config().levels()) {
      out.sample(value.applyAsDouble(level), "priority_level", level.name());
    }
  }
}
