package io.kubra.addons.helm.report;

import io.kubra.addons.helm.release.Release;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of several revisions: list and history. */
public final class ReleaseList {
  private ReleaseList() {}

  /** What {@code list} prints. */
  public static String list(List<Release> releases, OutputFormat format) {
    List<Map<String, Object>> elements = new ArrayList<>();
    TextTable table =
        new TextTable(0)
            .row("NAME", "NAMESPACE", "REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION");
    for (Release r : releases) {
      OffsetDateTime time = r.lastDeployed();
      String updated = time == null ? "-" : GoTime.full(time);
      String revision = Integer.toString(r.revision());
      String app = r.chart("appVersion");
      table.row(r.name(), r.namespace(), revision, updated, r.status(), r.chartName(), app);
      Map<String, Object> element = new LinkedHashMap<>();
      element.put("name", r.name());
      element.put("namespace", r.namespace());
      element.put("revision", revision);
      element.put("updated", updated);
      element.put("status", r.status());
      element.put("chart", r.chartName());
      element.put("app_version", app);
      elements.add(element);
    }
    return format.write(elements, table::text);
  }

  /** What {@code history} prints. */
  public static String history(List<Release> releases, OutputFormat format) {
    List<Map<String, Object>> elements = new ArrayList<>();
    TextTable table =
        new TextTable(0)
            .row("REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION", "DESCRIPTION");
    for (Release r : releases) {
      OffsetDateTime time = r.lastDeployed();
      String app = r.chart("appVersion");
      table.row(
          Integer.toString(r.revision()),
          GoTime.ansic(time),
          r.status(),
          r.chartName(),
          app,
          r.description());
      Map<String, Object> element = new LinkedHashMap<>();
      element.put("revision", r.revision());
      if (time != null) {
        element.put("updated", time.toString());
      }
      element.put("status", r.status());
      element.put("chart", r.chartName());
      element.put("app_version", app);
      element.put("description", r.description());
      elements.add(element);
    }
    return format.write(elements, table::text);
  }
}
