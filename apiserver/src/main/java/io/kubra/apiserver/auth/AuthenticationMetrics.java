package io.kubra.apiserver.auth;

import io.kubra.metrics.CounterFamily;
import io.kubra.metrics.HistogramFamily;
import io.kubra.metrics.MetricRegistry;

/** Counts attempts to be known, under upstream's names. */
final class AuthenticationMetrics {
  private final CounterFamily attempts;
  private final CounterFamily users;
  private final HistogramFamily seconds;

  AuthenticationMetrics(MetricRegistry registry) {
    attempts =
        registry.counter("authentication_attempts", "Counter of authenticated attempts.", "result");
    users =
        registry.counter(
            "authenticated_user_requests",
            "Counter of authenticated requests broken out by username.",
            "username");
    seconds =
        registry.histogram(
            "authentication_duration_seconds",
            "Authentication duration in seconds broken out by result.",
            new double[] {
              0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024
            },
            "result");
  }

  void succeeded(UserInfo user, long startNanos) {
    attempts.with("success").increment();
    users.with(kind(user.name())).increment();
    seconds.with("success").observeSince(startNanos);
  }

  void failed(long startNanos) {
    attempts.with("failure").increment();
    seconds.with("failure").observeSince(startNanos);
  }

  /** Names would fill the memory; upstream tells these apart. */
  private static String kind(String name) {
    if (name.contains("@")) {
      return "email_id";
    }
    return switch (name) {
      case "admin",
          "client",
          "cluster_admin",
          "kube_proxy",
          "kubelet",
          "kubelet_bootstrap",
          "kubecfg",
          "apiserver" ->
          name;
      default -> "other";
    };
  }
}
