package io.kubra.addons.helm.controller;

import io.kubra.addons.custom.CustomObject;
import io.kubra.addons.helm.controller.HelmProcess.Outcome;
import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.release.ReleaseStore;
import io.kubra.api.json.Json;
import io.kubra.client.ApiClient;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Brings one release to what its HelmChart says. All of a decision is read from the server, not
 * from local copies: what the last attempt wrote must be seen by the next.
 */
final class ChartReconciler {
  private static final String FINALIZER = "helm.kubra.io/uninstall";
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(10);

  private final ApiClient client;
  private final ResourceClient<CustomObject> charts;
  private final Supplier<List<CustomObject>> all;
  private final ChartStatus status;
  private final HelmRuns runs;

  ChartReconciler(
      ApiClient client, Supplier<List<CustomObject>> all, ChartStatus status, HelmRuns runs) {
    this.client = client;
    this.charts = client.resource(HelmCharts.TYPE);
    this.all = all;
    this.status = status;
    this.runs = runs;
  }

  Duration reconcile(String key) throws InterruptedException {
    int slash = key.indexOf('/');
    Optional<CustomObject> found = charts.find(key.substring(0, slash), key.substring(slash + 1));
    if (found.isEmpty()) {
      return Duration.ZERO;
    }
    CustomObject chart = found.get();
    if (chart.metadata().deletionTimestamp() != null) {
      return remove(chart);
    }
    if (!chart.metadata().finalizers().contains(FINALIZER)) {
      List<String> finalizers = new ArrayList<>(chart.metadata().finalizers());
      finalizers.add(FINALIZER);
      chart = finalizers(chart, finalizers);
    }
    try {
      ChartSpec spec = ChartSpec.of(chart);
      checkTaken(chart, spec);
      ChartInputs inputs = ChartInputs.read(client, chart, spec);
      Duration again = keep(chart, spec, inputs);
      return again.isPositive() || inputs.references().isEmpty() ? again : LOOK_AGAIN;
    } catch (ChartProblem e) {
      status.stopped(chart, e.reason(), e.getMessage());
      return e.passing() ? SOON : Duration.ZERO;
    }
  }

  private CustomObject finalizers(CustomObject chart, List<String> finalizers) {
    Map<String, Object> metadata =
        Map.of("resourceVersion", chart.metadata().resourceVersion(), "finalizers", finalizers);
    return charts.patch(
        chart.metadata().namespace(),
        chart.metadata().name(),
        PatchType.MERGE,
        Json.write(Map.of("metadata", metadata)),
        null);
  }

  /**
   * Of two HelmCharts that want one release, the one that has it keeps it, or the older gets it.
   */
  private void checkTaken(CustomObject chart, ChartSpec spec) {
    boolean has = ChartStatus.namespace(chart).equals(spec.namespace());
    for (CustomObject other : all.get()) {
      if (other.key().equals(chart.key())
          || !other.metadata().name().equals(spec.release())
          || !wants(other, spec.namespace())) {
        continue;
      }
      boolean otherHas = ChartStatus.namespace(other).equals(spec.namespace());
      if (otherHas == has ? before(other, chart) : otherHas) {
        throw ChartProblem.taken(
            "release \"%s\" in namespace \"%s\" is kept by HelmChart %s"
                .formatted(spec.release(), spec.namespace(), other.key()));
      }
    }
  }

  private static boolean wants(CustomObject other, String namespace) {
    try {
      return ChartStatus.namespace(other).equals(namespace)
          || ChartSpec.of(other).namespace().equals(namespace);
    } catch (ChartProblem e) {
      return false;
    }
  }

  private static boolean before(CustomObject a, CustomObject b) {
    return order(a).compareTo(order(b)) < 0;
  }

  private static String order(CustomObject chart) {
    return chart.metadata().creationTimestamp() + " " + chart.key();
  }

  private Duration keep(CustomObject chart, ChartSpec spec, ChartInputs inputs)
      throws InterruptedException {
    Optional<Release> latest = latest(spec);
    boolean same = inputs.digest().equals(ChartStatus.digest(chart));
    String earlier = ChartStatus.namespace(chart);
    boolean moved = !earlier.isEmpty() && !earlier.equals(spec.namespace());
    if (same
        && !moved
        && ChartStatus.ready(chart)
        && latest.filter(r -> ChartStatus.leftAs(chart, r)).isPresent()) {
      return Duration.ZERO;
    }
    int failures = same ? ChartStatus.failures(chart) : 0;
    if (failures > 0) {
      if (spec.failurePolicy() == FailurePolicy.ABORT) {
        return Duration.ZERO;
      }
      Duration pause = status.pause(chart);
      if (pause.isPositive()) {
        return pause;
      }
    }
    latest = recovered(chart, spec, latest);
    if (moved) {
      Outcome outcome = runs.uninstall(spec.release(), earlier, spec.timeout());
      if (outcome.failed()) {
        return status.failed(
            chart, failures + 1, inputs.digest(), null, "UninstallFailed", outcome.error());
      }
    }
    return install(chart, spec, inputs, latest, failures);
  }

  /**
   * A release that an earlier process left in the middle, or that Helm did when it was killed, is
   * marked as failed, which Helm upgrades; one that somebody else works on is waited for.
   */
  private Optional<Release> recovered(
      CustomObject chart, ChartSpec spec, Optional<Release> latest) {
    if (latest.filter(Release::pending).isEmpty()) {
      return latest;
    }
    if (!ChartStatus.interrupted(chart) && !ChartStatus.leftPending(chart, latest.get())) {
      throw ChartProblem.pending(
          "another operation on release \"%s\" in namespace \"%s\" is in progress"
              .formatted(spec.release(), spec.namespace()));
    }
    Release failed = latest.get().with("failed", "interrupted by the end of the process");
    new ReleaseStore(client, spec.namespace()).update(failed);
    return Optional.of(failed);
  }

  private Duration install(
      CustomObject before,
      ChartSpec spec,
      ChartInputs inputs,
      Optional<Release> latest,
      int failures)
      throws InterruptedException {
    boolean fresh = latest.filter(r -> !r.status().equals("uninstalled")).isEmpty();
    CustomObject chart =
        status.begins(
            before,
            spec.namespace(),
            fresh ? "Installing" : "Upgrading",
            "helm works on release \"" + spec.release() + '"');
    Outcome outcome = new Outcome("");
    if (!fresh && failures > 0 && spec.failurePolicy() == FailurePolicy.REINSTALL) {
      outcome = runs.uninstall(spec.release(), spec.namespace(), spec.timeout());
      fresh = true;
    }
    if (!outcome.failed()) {
      outcome = runs.upgrade(spec, inputs);
    }
    Optional<Release> left = latest(spec);
    String what = fresh ? "Install" : "Upgrade";
    if (!outcome.failed() && left.isPresent()) {
      status.succeeded(chart, left.get(), inputs.digest(), what + "Succeeded");
      return Duration.ZERO;
    }
    Duration pause =
        status.failed(
            chart,
            failures + 1,
            inputs.digest(),
            left.orElse(null),
            what + "Failed",
            outcome.failed() ? outcome.error() : "the release is gone");
    return spec.failurePolicy() == FailurePolicy.ABORT ? Duration.ZERO : pause;
  }

  private Optional<Release> latest(ChartSpec spec) {
    List<Release> history = new ReleaseStore(client, spec.namespace()).history(spec.release());
    return history.isEmpty() ? Optional.empty() : Optional.of(history.getLast());
  }

  private Duration remove(CustomObject chart) throws InterruptedException {
    if (!chart.metadata().finalizers().contains(FINALIZER)) {
      return Duration.ZERO;
    }
    String namespace = ChartStatus.namespace(chart);
    if (!namespace.isEmpty()) {
      Duration pause = status.pause(chart);
      if (pause.isPositive() && ChartStatus.digest(chart).equals("deleted")) {
        return pause;
      }
      Outcome outcome = runs.uninstall(chart.metadata().name(), namespace, HelmRuns.USUAL_TIMEOUT);
      if (outcome.failed()) {
        int failures =
            ChartStatus.digest(chart).equals("deleted") ? ChartStatus.failures(chart) : 0;
        return status.failed(
            chart, failures + 1, "deleted", null, "UninstallFailed", outcome.error());
      }
    }
    var unused =
        finalizers(
            chart,
            chart.metadata().finalizers().stream().filter(f -> !f.equals(FINALIZER)).toList());
    return Duration.ZERO;
  }
}
