package io.kubra.console.reading;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Objects as the API server prints them for kubectl: the same columns, for every resource.
 *
 * @param columns the titles of the columns shown by default
 * @param rows the objects
 */
public record Table(List<String> columns, List<Row> rows) {
  private static final String ACCEPT = "application/json;as=Table;v=v1;g=meta.k8s.io";

  /** The most objects a page shows. */
  public static final int LIMIT = 500;

  /**
   * One object.
   *
   * @param namespace empty if it has none
   * @param cells one text for each column
   */
  public record Row(String namespace, String name, List<String> cells) {}

  /** Reads the objects below a path of the API. */
  public static Table read(ApiClient api, String path) {
    String target = path + (path.contains("?") ? "&" : "?") + "limit=" + LIMIT;
    byte[] body = api.call(new ApiRequest("GET", target, Map.of("Accept", ACCEPT), null));
    Map<String, Object> tree = Json.parseObject(body);
    List<String> columns = new ArrayList<>();
    List<Integer> shown = new ArrayList<>();
    List<Map<String, Object>> definitions = Trees.maps(tree, "columnDefinitions");
    for (int i = 0; i < definitions.size(); i++) {
      if (Trees.integerOr(definitions.get(i), 0, "priority") == 0) {
        columns.add(Trees.stringOr(definitions.get(i), "", "name"));
        shown.add(i);
      }
    }
    List<Row> rows = new ArrayList<>();
    for (Map<String, Object> row : Trees.maps(tree, "rows")) {
      List<Object> cells = Trees.list(row, "cells");
      rows.add(
          new Row(
              Trees.stringOr(row, "", "object", "metadata", "namespace"),
              Trees.stringOr(row, "", "object", "metadata", "name"),
              shown.stream()
                  .map(i -> i < cells.size() ? String.valueOf(cells.get(i)) : "")
                  .toList()));
    }
    return new Table(columns, rows);
  }

  /** Whether some object has a namespace. */
  public boolean namespaced() {
    return rows.stream().anyMatch(r -> !r.namespace().isEmpty());
  }
}
