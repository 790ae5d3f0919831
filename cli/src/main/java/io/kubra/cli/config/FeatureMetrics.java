package io.kubra.cli.config;

import io.kubra.api.feature.FeatureGates;
import io.kubra.metrics.GaugeFamily;
import io.kubra.metrics.MetricRegistry;

/** Tells in a process' metrics which feature gates are on. */
public final class FeatureMetrics {
  private FeatureMetrics() {}

  /** Adds a gauge for each gate, which does not change while the process runs. */
  public static void register(FeatureGates gates, MetricRegistry metrics) {
    GaugeFamily enabled =
        metrics.gauge(
            "kubernetes_feature_enabled",
            "This metric records the data about the stage and enablement of a k8s feature.",
            "name",
            "stage");
    gates
        .all()
        .forEach(
            gate -> enabled.with(gate.name(), gate.stage().label()).set(gate.enabled() ? 1 : 0));
  }
}
