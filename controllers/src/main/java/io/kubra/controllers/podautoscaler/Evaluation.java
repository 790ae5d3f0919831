package io.kubra.controllers.podautoscaler;

import io.kubra.api.quantity.Quantity;
import io.kubra.controllers.podautoscaler.MetricsReader.Unavailable;
import io.kubra.controllers.podautoscaler.ReplicaCalculator.Proposal;
import io.kubra.controllers.podautoscaler.ReplicaCalculator.Tolerance;
import io.kubra.model.autoscaling.v2.ContainerResourceMetricSource;
import io.kubra.model.autoscaling.v2.ContainerResourceMetricStatus;
import io.kubra.model.autoscaling.v2.ExternalMetricSource;
import io.kubra.model.autoscaling.v2.ExternalMetricStatus;
import io.kubra.model.autoscaling.v2.MetricIdentifier;
import io.kubra.model.autoscaling.v2.MetricSpec;
import io.kubra.model.autoscaling.v2.MetricStatus;
import io.kubra.model.autoscaling.v2.MetricTarget;
import io.kubra.model.autoscaling.v2.MetricValueStatus;
import io.kubra.model.autoscaling.v2.ObjectMetricSource;
import io.kubra.model.autoscaling.v2.ObjectMetricStatus;
import io.kubra.model.autoscaling.v2.PodsMetricSource;
import io.kubra.model.autoscaling.v2.PodsMetricStatus;
import io.kubra.model.autoscaling.v2.ResourceMetricSource;
import io.kubra.model.autoscaling.v2.ResourceMetricStatus;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.meta.v1.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Evaluates single metrics of one autoscaler. */
final class Evaluation {
  /**
   * What a metric says.
   *
   * @param name how messages call the metric
   */
  record Result(int replicas, MetricStatus status, String name) {}

  private final MetricsReader metrics;
  private final ReplicaCalculator calculator;
  private final Tolerance tolerance;
  private final String namespace;
  private final String selector;
  private final List<Pod> pods;
  private final int current;
  private final Function<String, String> plural;

  /**
   * An evaluation.
   *
   * @param selector the label selector of the target's pods
   * @param plural the resource name of a kind
   */
  Evaluation(
      MetricsReader metrics,
      ReplicaCalculator calculator,
      Tolerance tolerance,
      String namespace,
      String selector,
      List<Pod> pods,
      int current,
      Function<String, String> plural) {
    this.metrics = metrics;
    this.calculator = calculator;
    this.tolerance = tolerance;
    this.namespace = namespace;
    this.selector = selector;
    this.pods = pods;
    this.current = current;
    this.plural = plural;
  }

  /** How a failure of this kind of metric is called in conditions and events. */
  static String failure(MetricSpec spec) {
    return "FailedGet" + spec.type() + "Metric";
  }

  /**
   * Evaluates a metric.
   *
   * @throws Unavailable if it cannot be had
   */
  Result evaluate(MetricSpec spec) {
    ResourceMetricSource resource = spec.resource();
    ContainerResourceMetricSource container = spec.containerResource();
    PodsMetricSource perPod = spec.pods();
    ObjectMetricSource object = spec.object();
    ExternalMetricSource external = spec.external();
    if (resource != null) {
      return resource(resource.name(), null, resource.target());
    } else if (container != null) {
      return resource(container.name(), container.container(), container.target());
    } else if (perPod != null && perPod.metric() != null) {
      return pods(perPod.metric(), target(perPod.target()));
    } else if (object != null && object.metric() != null) {
      return object(object, object.metric(), target(object.target()));
    } else if (external != null && external.metric() != null) {
      return external(external.metric(), target(external.target()));
    }
    throw new Unavailable("unknown metric source type \"" + spec.type() + '"');
  }

  private static MetricTarget target(@Nullable MetricTarget target) {
    return target == null ? MetricTarget.empty() : target;
  }

  private Result resource(String name, @Nullable String container, @Nullable MetricTarget given) {
    MetricTarget target = target(given);
    Map<String, MetricsReader.Sample> samples =
        metrics.resource(namespace, selector, name, container);
    Integer percent = target.averageUtilization();
    Proposal proposal =
        percent == null
            ? calculator.byAverage(
                current, milli(target.averageValue()), name, pods, samples, tolerance)
            : calculator.byUtilization(current, percent, name, container, pods, samples, tolerance);
    MetricValueStatus value =
        MetricValueStatus.builder()
            .averageUtilization(percent == null ? null : proposal.utilization())
            .averageValue(text(proposal.average()))
            .build();
    String called = name + (container == null ? "" : " container") + " resource";
    MetricStatus status =
        container == null
            ? MetricStatus.builder()
                .type("Resource")
                .resource(ResourceMetricStatus.builder().name(name).current(value).build())
                .build()
            : MetricStatus.builder()
                .type("ContainerResource")
                .containerResource(
                    ContainerResourceMetricStatus.builder()
                        .name(name)
                        .container(container)
                        .current(value)
                        .build())
                .build();
    return new Result(
        proposal.replicas(),
        status,
        percent == null ? called : called + " utilization (percentage of request)");
  }

  private Result pods(MetricIdentifier metric, MetricTarget target) {
    Proposal proposal =
        calculator.byAverage(
            current,
            milli(target.averageValue()),
            "",
            pods,
            metrics.pods(namespace, selector, metric.name(), selector(metric)),
            tolerance);
    MetricValueStatus value =
        MetricValueStatus.builder().averageValue(text(proposal.average())).build();
    return new Result(
        proposal.replicas(),
        MetricStatus.builder()
            .type("Pods")
            .pods(PodsMetricStatus.builder().metric(metric).current(value).build())
            .build(),
        "pods metric " + metric.name());
  }

  private Result object(ObjectMetricSource source, MetricIdentifier metric, MetricTarget target) {
    var described = source.describedObject();
    String kind = described == null ? "" : described.kind();
    String object = plural.apply(kind) + "/" + (described == null ? "" : described.name());
    long value = metrics.object(namespace, object, metric.name(), selector(metric));
    Proposal proposal = shared(value, target);
    return new Result(
        proposal.replicas(),
        MetricStatus.builder()
            .type("Object")
            .object(
                ObjectMetricStatus.builder()
                    .metric(metric)
                    .describedObject(described)
                    .current(status(proposal, target))
                    .build())
            .build(),
        kind + " metric " + metric.name());
  }

  private Result external(MetricIdentifier metric, MetricTarget target) {
    long value = metrics.external(namespace, metric.name(), selector(metric));
    Proposal proposal = shared(value, target);
    return new Result(
        proposal.replicas(),
        MetricStatus.builder()
            .type("External")
            .external(
                ExternalMetricStatus.builder()
                    .metric(metric)
                    .current(status(proposal, target))
                    .build())
            .build(),
        "external metric " + metric.name());
  }

  private Proposal shared(long value, MetricTarget target) {
    return target.averageValue() != null
        ? calculator.byShare(current, value, milli(target.averageValue()), tolerance)
        : calculator.byValue(current, value, milli(target.value()), pods, tolerance);
  }

  private static MetricValueStatus status(Proposal proposal, MetricTarget target) {
    MetricValueStatus.Builder value = MetricValueStatus.builder();
    return target.averageValue() != null
        ? value.averageValue(text(proposal.average())).build()
        : value.value(text(proposal.average())).build();
  }

  private static long milli(@Nullable String quantity) {
    Quantity parsed = Quantity.tryParse(quantity);
    return parsed == null ? 1 : Math.max(1, parsed.milli());
  }

  private static String text(long milli) {
    return Quantity.ofMilli(milli).toString();
  }

  private static @Nullable String selector(MetricIdentifier metric) {
    LabelSelector selector = metric.selector();
    return selector == null
        ? null
        : selector.matchLabels().entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(","));
  }
}
