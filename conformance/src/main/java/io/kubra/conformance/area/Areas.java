package io.kubra.conformance.area;

import io.kubra.conformance.catalogue.Requirement;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.verdict.Verdict;

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
    ApiRows.add(rows);
    SecurityRows.add(rows);
    LifecycleRows.add(rows);
    SigRows.add(rows);
    return rows;
  }

  /** A requirement's row; for one without a check of its own, the row that says why. */
  public static Rows.Row row(Rows rows, Requirement requirement) {
    return rows.find(requirement.key()).orElseGet(() -> new Rows.Row(standIn(requirement), ""));
  }

  private static Check standIn(Requirement requirement) {
    if (requirement.operated() || requirement.means().equals("manual")) {
      return Check.manual("whether this is so: " + requirement.summary());
    }
    if (!requirement.sig().isEmpty()) {
      return suite(requirement);
    }
    return Check.of(
        "not yet",
        context ->
            Verdict.notCheckable(
                Verdict.Cause.MEANS, "this version has no check for it; look at it by hand"));
  }

  private static Check suite(Requirement requirement) {
    String tag = requirement.label().equals("None") ? "" : ".*\\[" + requirement.label() + "\\]";
    String focus = "\\[sig-" + requirement.sig() + "\\]" + tag;
    return Check.of(
        "upstream's end-to-end suite, focus " + focus,
        context ->
            Verdict.notCheckable(
                Verdict.Cause.SUITE,
                "upstream's end-to-end suite decides: run it with --ginkgo.focus='" + focus + "'"));
  }
}
