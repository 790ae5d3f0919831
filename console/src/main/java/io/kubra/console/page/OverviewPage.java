package io.kubra.console.page;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiRequest;
import io.kubra.console.reading.Conformance;
import io.kubra.console.reading.Happening;
import io.kubra.console.reading.NodeUse;
import io.kubra.console.reading.Part;
import io.kubra.console.reading.WorkloadCount;
import java.util.List;
import java.util.Optional;

/** How the cluster does, on one screen. */
public final class OverviewPage implements Page {
  private static final int WARNINGS = 8;

  /** What it shows. */
  public record Overview(
      String version,
      Part<List<NodeUse>> nodes,
      Part<List<WorkloadCount>> workloads,
      Part<List<Happening>> warnings,
      Part<Optional<Conformance>> conformance)
      implements Content {}

  @Override
  public boolean matches(Visit visit) {
    return visit.segments().isEmpty();
  }

  @Override
  public String title(Visit visit) {
    return "Overview";
  }

  @Override
  public String template() {
    return "overview.jte";
  }

  @Override
  public Content read(Visit visit) {
    byte[] version = visit.api().call(ApiRequest.get("/version"));
    return new Overview(
        Trees.stringOr(Json.parse(version), "", "gitVersion"),
        Part.read(() -> NodeUse.read(visit.api())),
        Part.read(() -> WorkloadCount.read(visit.api())),
        Part.read(() -> Happening.read(visit.api(), "", "type=Warning", visit.now(), WARNINGS)),
        Part.read(() -> Conformance.read(visit.api())));
  }
}
