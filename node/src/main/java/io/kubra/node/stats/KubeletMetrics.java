package io.kubra.node.stats;

import io.kubra.metrics.MetricSource;
import io.kubra.metrics.MetricText;
import io.kubra.metrics.MetricType;
import io.kubra.node.cri.CriException;

/** What the agent says of itself, under the kubelet's names. */
public final class KubeletMetrics implements MetricSource {
  private final String node;
  private final String version;
  private final NodeStats stats;

  /** Metrics of the agent of a node. */
  public KubeletMetrics(String node, String version, NodeStats stats) {
    this.node = node;
    this.version = version;
    this.stats = stats;
  }

  @Override
  public void write(MetricText out) {
    out.family("kubelet_node_name", MetricType.GAUGE, "The node's name. The count is always 1.");
    out.sample(1, "node", node);
    out.family(
        "kubernetes_build_info",
        MetricType.GAUGE,
        "A metric with a constant '1' value labeled by version.");
    out.sample(1, "git_version", version, "platform", "linux");
    try {
      NodeStats.Running running = stats.running();
      out.family(
          "kubelet_running_pods",
          MetricType.GAUGE,
          "Number of pods that have a running pod sandbox");
      out.sample(running.pods());
      out.family(
          "kubelet_running_containers", MetricType.GAUGE, "Number of containers currently running");
      running.containers().forEach((state, n) -> out.sample(n, "container_state", state));
    } catch (CriException e) {
      out.family("kubelet_runtime_up", MetricType.GAUGE, "0 while the runtime does not answer");
      out.sample(0);
    }
  }
}
