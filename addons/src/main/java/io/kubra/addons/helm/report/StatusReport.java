package io.kubra.addons.helm.report;

import io.kubra.addons.helm.release.Hook;
import io.kubra.addons.helm.release.Release;
import java.util.List;
import java.util.Map;

/** The report on one revision that install, upgrade, status, test and get print. */
public final class StatusReport {
  private final Release release;
  private final StringBuilder out = new StringBuilder();

  private StatusReport(Release release) {
    this.release = release;
  }

  /**
   * Writes the report.
   *
   * @param description whether to tell what happened last
   * @param everything whether to add values, hooks and manifest
   * @param notes whether to add the notes
   */
  public static String of(Release release, boolean description, boolean everything, boolean notes) {
    StatusReport report = new StatusReport(release);
    report.head(description);
    report.tests();
    if (everything) {
      report.values();
      report.objects(release.manifest(), release.hooks());
    }
    if (notes) {
      report.notes();
    }
    return report.out.toString();
  }

  /** Writes the report of a trial: head, hooks, manifest, notes. */
  public static String ofTrial(Release release, boolean notes) {
    StatusReport report = new StatusReport(release);
    report.head(false);
    report.tests();
    report.objects(release.manifest(), release.hooks());
    if (notes) {
      report.notes();
    }
    return report.out.toString();
  }

  private void head(boolean description) {
    line("NAME: " + release.name());
    if (release.lastDeployed() != null) {
      line("LAST DEPLOYED: " + GoTime.ansic(release.lastDeployed()));
    }
    line("NAMESPACE: " + release.namespace());
    line("STATUS: " + release.status());
    line("REVISION: " + release.revision());
    if (description) {
      line("DESCRIPTION: " + release.description());
    }
  }

  private void tests() {
    List<Hook> tests =
        release.hooks().stream().filter(hook -> hook.events().contains("test")).toList();
    if (tests.isEmpty()) {
      line("TEST SUITE: None");
    }
    for (Hook test : tests) {
      if (test.started() != null) {
        line("TEST SUITE:     " + test.name());
        line("Last Started:   " + GoTime.ansic(test.started()));
        line("Last Completed: " + GoTime.ansic(test.completed()));
        line("Phase:          " + test.phase());
      }
    }
  }

  private void values() {
    line("USER-SUPPLIED VALUES:");
    line(yaml(release.config()));
    line("COMPUTED VALUES:");
    line(yaml(Values.computed(release)));
  }

  /** No values are written as null where the user gave none. */
  private static String yaml(Map<String, Object> values) {
    return values.isEmpty() ? "{}\n" : OutputFormat.yaml(values);
  }

  private void objects(String manifest, List<Hook> hooks) {
    line("HOOKS:");
    for (Hook hook : hooks) {
      line("---\n# Source: " + hook.path() + "\n" + hook.manifest());
    }
    line("MANIFEST:\n" + manifest);
  }

  private void notes() {
    if (!release.notes().isEmpty()) {
      line("NOTES:\n" + release.notes().strip());
    }
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
