package io.kubra.apiserver.health;

import io.kubra.apiserver.request.NonResourceEndpoint;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.metrics.MetricRegistry;
import io.kubra.metrics.MetricText;
import io.kubra.metrics.ProcessMetrics;
import io.kubra.transport.http.HttpHeaders;

/** {@code /metrics}: everything that is counted in the server's process. */
public final class Metrics implements NonResourceEndpoint {
  private final MetricRegistry registry;

  /** Serves a registry, with what the process says of itself. */
  public Metrics(MetricRegistry registry) {
    this.registry = registry;
    registry.add(new ProcessMetrics());
    registry
        .gauge(
            "kubernetes_build_info",
            "A metric with a constant '1' value labeled by version.",
            "git_version",
            "major",
            "minor",
            "platform")
        .with(VersionEndpoint.GIT_VERSION, "1", "36", VersionEndpoint.platform())
        .set(1);
  }

  @Override
  public boolean matches(String path) {
    return path.equals("/metrics");
  }

  @Override
  public void handle(RequestContext c) {
    c.exchange()
        .respond(200, HttpHeaders.of("Content-Type", MetricText.MEDIA_TYPE), registry.text());
  }
}
