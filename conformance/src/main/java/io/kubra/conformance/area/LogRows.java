package io.kubra.conformance.area;

import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.probe.LogProbes;
import io.kubra.conformance.probe.NodeFacts;

/** Rows on logs: gathering, rotation, retention, watching, correlation. */
final class LogRows {
  private LogRows() {}

  static void add(Rows rows) {
    String gather = "Run a log agent on every node that sends to a store.";
    String alert = "Add an alert rule on the log agents and their store.";
    Check agents = LogProbes.AGENTS_EVERYWHERE;
    rows.add("ra2.mon.002", gather, agents, LogProbes.GATHERED)
        .add("ra2.mon.003", "Run an exporter of events.", LogProbes.EVENTS_GATHERED)
        .add("ra2.plat.018", gather, LogProbes.GATHERED)
        .add(
            "ra2.plat.019",
            "Configure logrotate with a period, or MaxFileSec of the journal.",
            NodeFacts.fact(
                "log-period", "logrotate or the journal rotates after a period", v -> !v.isBlank()))
        .add("ra2.plat.020", "Set containerLogMaxSize of the kubelet.", LogProbes.ROTATION)
        .add("ra2.plat.021", "Configure retention in the log store.", LogProbes.RETENTION_SET)
        .add(
            "ra2.plat.022",
            "Seal the journal (journalctl --setup-keys), or store logs where none can be changed.",
            agents,
            NodeFacts.fact("journal", "the journal is sealed", v -> v.startsWith("sealed")))
        .add("ra2.plat.023", alert, LogProbes.ROTATION_WATCHED)
        .add("ra2.plat.024", alert, LogProbes.SOURCES_WATCHED)
        .add(
            "ra2.plat.025",
            "Run chrony or timesyncd on all nodes with the same servers.",
            NodeFacts.fact(
                "clock", "the kernel's clock is synchronised", v -> v.equals("synchronised")),
            NodeFacts.common("time-source", "all nodes name the same time sources"))
        .add("ra2.plat.026", "Let agents reload their configuration.", LogProbes.RELOADS)
        .add(
            "ra2.plat.027",
            alert,
            LogProbes.ERRORS_WATCHED.necessary(
                "anomalies raise alerts; whether they are documented a person must look at"))
        .add("ra2.plat.028", gather, LogProbes.CORRELATED)
        .add("ra2.plat.029", gather, LogProbes.BY_VALUE);
  }
}
