package io.kubra.node.probe;

import io.kubra.metrics.CounterFamily;
import io.kubra.metrics.MetricRegistry;
import io.kubra.metrics.MetricSource;
import io.kubra.metrics.MetricText;
import io.kubra.model.core.v1.Pod;
import io.kubra.node.action.Outcome;

/** Counts the outcomes of probes under upstream's name; a pod's counts go when the pod goes. */
public final class ProbeMetrics implements MetricSource {
  private final MetricRegistry registry = new MetricRegistry();
  private final CounterFamily probes =
      registry.counter(
          "prober_probe_total",
          "Cumulative number of a liveness, readiness or startup probe for a container by result.",
          "container",
          "namespace",
          "pod",
          "pod_uid",
          "probe_type",
          "result");

  /** The counts of one pod. */
  public OfPod of(Pod pod) {
    return new OfPod(pod.metadata().namespace(), pod.metadata().name(), pod.metadata().uid());
  }

  @Override
  public void write(MetricText out) {
    registry.write(out);
  }

  /** Counts for one pod. */
  public final class OfPod {
    private final String namespace;
    private final String name;
    private final String uid;

    private OfPod(String namespace, String name, String uid) {
      this.namespace = namespace;
      this.name = name;
      this.uid = uid;
    }

    void count(ProbeKind kind, String container, Outcome outcome) {
      String result =
          switch (outcome) {
            case Outcome.Success s -> "successful";
            case Outcome.Failure f -> "failed";
            case Outcome.Unknown u -> "unknown";
          };
      probes.with(container, namespace, name, uid, kind.text(), result).increment();
    }

    void forget() {
      probes.removeAll("pod_uid", uid);
    }
  }
}
