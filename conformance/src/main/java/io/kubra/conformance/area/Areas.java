package io.kubra.conformance.area;

import io.kubra.conformance.catalogue.Requirement;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.verdict.Verdict;
import java.util.Optional;

/** The checks of all rows. */
public final class Areas {
  private Areas() {}

  /** All rows that have a check of their own. */
  public static Rows rows() {
    Rows rows = new Rows();
    HostRows.add(rows);
    KubernetesRows.add(rows);
    NetworkRows.add(rows);
    StorageRows.add(rows);
    ServiceRows.add(rows);
    WorkloadRows.add(rows);
    ApplicationRows.add(rows);
    RolloutRows.add(rows);
    ResilienceRows.add(rows);
    ChartRows.add(rows);
    MachineRows.add(rows);
    HardeningRows.add(rows);
    ExposureRows.add(rows);
    TenancyRows.add(rows);
    VolumeRows.add(rows);
    ApiRows.add(rows);
    SecurityRows.add(rows);
    LifecycleRows.add(rows);
    SigRows.add(rows);
    return rows;
  }

  /**
   * A requirement's row; for one without a check of its own, the row that says why. Where
   * upstream's suite has tests of it, their results count as well.
   */
  public static Rows.Row row(Rows rows, Requirement requirement) {
    Optional<Rows.Row> own = rows.find(requirement.key());
    if (requirement.operated() || requirement.sig().isEmpty()) {
      return own.orElseGet(() -> new Rows.Row(standIn(requirement), ""));
    }
    return own.map(row -> new Rows.Row(joined(row.check(), requirement), row.remedy()))
        .orElseGet(() -> new Rows.Row(suite(requirement), "Repair what the failed tests show."));
  }

  private static Check standIn(Requirement requirement) {
    if (requirement.operated() || requirement.means().equals("manual")) {
      return Check.manual("whether this is so: " + requirement.summary());
    }
    return Check.of(
        "not yet",
        context ->
            Verdict.notCheckable(
                Verdict.Cause.MEANS, "this version has no check for it; look at it by hand"));
  }

  private static String focus(Requirement requirement) {
    String tag = requirement.label().equals("None") ? "" : ".*\\[" + requirement.label() + "\\]";
    return "\\[sig-" + requirement.sig() + "\\]" + tag;
  }

  private static Check suite(Requirement requirement) {
    String focus = focus(requirement);
    return Check.of(
        "upstream's end-to-end suite, focus " + focus,
        context ->
            context.suite().given()
                ? context.suite().verdict(requirement.sig(), requirement.label())
                : Verdict.notCheckable(
                    Verdict.Cause.SUITE,
                    "upstream's end-to-end suite decides: run it with --ginkgo.focus='"
                        + focus
                        + "' and name its report with --e2e-report"));
  }

  /** The check, and the suite's results if there are any of it. */
  private static Check joined(Check check, Requirement requirement) {
    return Check.of(
        check.how(),
        context ->
            context.suite().verdict(requirement.sig(), requirement.label())
                    instanceof Verdict.NotCheckable
                ? context.verdict(check)
                : context.verdict(Check.all(check, suite(requirement))));
  }
}
