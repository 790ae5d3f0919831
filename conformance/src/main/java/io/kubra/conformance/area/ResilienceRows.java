package io.kubra.conformance.area;

import io.kubra.conformance.check.Rows;
import io.kubra.conformance.probe.Disturbances;
import io.kubra.conformance.probe.Stresses;

/** Rows on applications that go on through disturbances. */
final class ResilienceRows {
  private ResilienceRows() {}

  static void add(Rows rows) {
    String several = "Run several replicas with readiness probes, spread over nodes.";
    String patient = "Give time limits and repetition to what speaks over the network.";
    rows.add("ra2.app.017", several, Disturbances.DRAIN)
        .add("ra2.app.018", patient, Stresses.DELAY)
        .add("ra2.app.019", several, Disturbances.POD_DELETION)
        .add("ra2.app.020", "Leave room below the memory limit.", Stresses.MEMORY)
        .add("ra2.app.021", "Keep probes off the disk.", Stresses.INPUT_OUTPUT)
        .add("ra2.app.022", patient, Stresses.CORRUPTION)
        .add("ra2.app.023", patient, Stresses.DUPLICATION)
        .add("ra2.app.024", patient, Stresses.NAMES);
  }
}
