package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmOptions;
import io.kubra.addons.helm.library.HelmResult;
import io.kubra.addons.helm.release.Hook;
import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.release.ReleaseObjects;
import io.kubra.addons.helm.release.ReleaseStore;
import io.kubra.addons.helm.render.SilencedChart;
import io.kubra.addons.helm.report.StatusReport;
import io.kubra.addons.helm.rollback.Rollback;
import io.kubra.addons.helm.rollback.RollbackOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** Makes a new revision of a release: what installation and upgrade have in common. */
abstract class DeployCommand extends HelmAction {
  @Mixin ReleaseFlags release = new ReleaseFlags();
  @Mixin ChartFlags chart = new ChartFlags();
  @Mixin ValueFlags values = new ValueFlags();
  @Mixin OutputFlag output = new OutputFlag();

  /**
   * Calls the library, and does around it what it does not export.
   *
   * @param name the release's name; null if it is to be made up
   * @param more sets what only this call has
   * @return the new revision, or what it would be if this is a trial
   */
  final Release deploy(
      HelmSession helm,
      String failure,
      HelmFunction function,
      @Nullable String name,
      String reference,
      HelmOptions more) {
    release.checkLabels();
    try (TemporaryFiles temporary = new TemporaryFiles();
        @Nullable SilencedChart silent =
            release.noHooks && !release.trial()
                ? new SilencedChart(Trial.source(helm, chart, reference, temporary))
                : null) {
      helm.into(more).text("name", name);
      release.apply(more);
      values.apply(more, temporary);
      if (silent == null) {
        chart.apply(helm, more, reference, temporary);
      } else {
        more.text("chart", silent.chart().toString());
      }
      if (release.takeOwnership && !release.trial() && name != null) {
        Release trial = Trial.of(helm, name, 1, "pending-install", chart, values, reference);
        new ReleaseObjects(helm.client(), trial).own(name, helm.namespace());
      }
      HelmResult result = helm.attempt(function, more);
      if (result.failed()) {
        throw new HelmException(failure + result.error());
      }
      String used = name == null ? reportedName(result) : name;
      if (release.trial()) {
        boolean fresh = function == HelmFunction.INSTALL;
        int revision = fresh ? 1 : helm.releases().last(used).revision() + 1;
        String status = fresh ? "pending-install" : "pending-upgrade";
        return Trial.of(helm, used, revision, status, chart, values, reference);
      }
      return finish(helm, failure, function, used, reference, silent != null);
    }
  }

  private Release finish(
      HelmSession helm,
      String failure,
      HelmFunction function,
      String name,
      String reference,
      boolean silent) {
    ReleaseStore store = helm.releases();
    Release made = store.last(name);
    Release done = made;
    if (silent) {
      List<Hook> hooks =
          Trial.render(helm, new HelmOptions().text("name", name), chart, values, reference)
              .hooks();
      done = SilencedChart.restored(done, hooks);
    }
    if (!release.labels.isEmpty()) {
      Map<String, String> labels = new LinkedHashMap<>(done.labels());
      labels.putAll(release.labels);
      labels.values().removeIf("null"::equals);
      done = new Release(done.tree(), labels);
    }
    if (done != made) {
      store.update(done);
    }
    if (release.awaitsReady() && release.waitForJobs) {
      try {
        new ReleaseObjects(helm.client(), done).awaitJobs(release.timeout.timeout);
      } catch (HelmException e) {
        throw new HelmException(
            failure + failed(helm, function, done, String.valueOf(e.getMessage())), e);
      }
    }
    return done;
  }

  /** What Helm does when waiting fails; returns the message. */
  private String failed(HelmSession helm, HelmFunction function, Release done, String why) {
    boolean fresh = function == HelmFunction.INSTALL;
    String description =
        fresh
            ? "Release \"" + done.name() + "\" failed: " + why
            : "Upgrade \"" + done.name() + "\" failed: " + why;
    helm.releases().update(done.with("failed", description));
    if (!release.atomic) {
      return why;
    }
    if (fresh) {
      HelmOptions uninstall = helm.cluster().text("releaseName", done.name());
      var unused = helm.call(HelmFunction.UNINSTALL, uninstall);
      return "release %s failed, and has been uninstalled due to atomic being set: %s"
          .formatted(done.name(), why);
    }
    int good =
        helm.releases().history(done.name()).stream()
            .filter(r -> r.revision() < done.revision())
            .filter(r -> r.status().matches("superseded|deployed"))
            .mapToInt(Release::revision)
            .max()
            .orElseThrow(() -> new HelmException(why));
    RollbackOptions back =
        new RollbackOptions(
            done.name(),
            good,
            helm.namespace(),
            helm.kubeconfig(),
            release.timeout.timeout,
            true,
            false,
            false,
            !release.noHooks,
            false);
    var unused = new Rollback(helm.releases(), helm::attempt, back).run();
    return "release %s failed, and has been rolled back due to atomic being set: %s"
        .formatted(done.name(), why);
  }

  private static String reportedName(HelmResult result) {
    return result.text().lines().findFirst().orElse("").replaceFirst("^NAME: ", "");
  }

  /** Prints what the new revision is. */
  final void report(HelmSession helm, Release done, String before) {
    print(
        output.format.write(
            done.tree(),
            () ->
                before
                    + (release.trial()
                        ? StatusReport.ofTrial(done, !release.hideNotes)
                        : StatusReport.of(done, false, helm.debug(), !release.hideNotes))));
  }
}
