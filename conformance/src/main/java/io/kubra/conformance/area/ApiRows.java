package io.kubra.conformance.area;

import static io.kubra.conformance.check.ApiChecks.noVersions;
import static io.kubra.conformance.check.ApiChecks.served;

import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.probe.ApiProbes;
import java.util.List;

/** Rows of chapter 6 on API versions and features. */
final class ApiRows {
  static final Check NO_ALPHA = noVersions("v\\d+alpha\\d+", List.of("nfd.k8s-sigs.io/v1alpha1"));
  // Betas from before 1.24 that never got a stable version.
  static final Check NO_BETA =
      noVersions(
          "v\\d+beta\\d+",
          List.of(
              "metrics.k8s.io/v1beta1",
              "custom.metrics.k8s.io/v1beta1",
              "external.metrics.k8s.io/v1beta1"));
  private static final String OFF =
      "Switch the version off with the API server's --runtime-config.";

  private static final Check STABLE =
      served(
          "v1",
          "admissionregistration.k8s.io/v1",
          "apiextensions.k8s.io/v1",
          "apiregistration.k8s.io/v1",
          "apps/v1",
          "authentication.k8s.io/v1",
          "authorization.k8s.io/v1",
          "autoscaling/v1",
          "autoscaling/v2",
          "batch/v1",
          "certificates.k8s.io/v1",
          "coordination.k8s.io/v1",
          "discovery.k8s.io/v1",
          "events.k8s.io/v1",
          "flowcontrol.apiserver.k8s.io/v1",
          "networking.k8s.io/v1",
          "node.k8s.io/v1",
          "policy/v1",
          "rbac.authorization.k8s.io/v1",
          "scheduling.k8s.io/v1",
          "storage.k8s.io/v1");

  private ApiRows() {}

  static void add(Rows rows) {
    rows.add("x.api.policy.2", OFF, NO_ALPHA)
        .add("x.api.policy.3", OFF, NO_BETA)
        .add("x.api.policy.4", "Do not switch off stable feature gates.", ApiProbes.STABLE_GATES)
        .add("seed.k8s.2", GroupRows.ON, STABLE)
        .add("x.api.policy.5", GroupRows.ON, STABLE);
    GroupRows.add(rows);
  }
}
