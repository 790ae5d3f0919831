package io.kubra.addons.helm.report;

import io.kubra.addons.helm.release.Release;
import io.kubra.api.tree.Trees;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values a release was rendered with: the user's over the chart's, as Helm coalesces them. */
public final class Values {
  private Values() {}

  /** The values of a release, those of its chart's subcharts included. */
  public static Map<String, Object> computed(Release release) {
    Map<String, Object> chart = Trees.map(release.tree(), "chart");
    return chart == null
        ? Trees.deepCopy(release.config())
        : coalesce(chart, Trees.deepCopy(release.config()));
  }

  /** A null of the user takes a value of the chart away. */
  private static Map<String, Object> coalesce(
      Map<String, Object> chart, Map<String, Object> values) {
    Map<String, Object> result = new LinkedHashMap<>(values);
    Map<String, Object> own = Trees.map(chart, "values");
    if (own != null) {
      below(result, Trees.deepCopy(own));
    }
    // Subcharts get their own part and what is global. Where they come from a condition that is
    // off, Helm has taken them out of the stored chart.
    for (Map<String, Object> sub : Trees.maps(chart, "dependencies")) {
      String name = Trees.stringOr(sub, "", "metadata", "name");
      Map<String, Object> part = Trees.map(result, name);
      Map<String, Object> below = part == null ? new LinkedHashMap<>() : part;
      Map<String, Object> global = Trees.map(result, "global");
      if (global != null) {
        below(Trees.ensureMap(below, "global"), Trees.deepCopy(global));
      }
      result.put(name, coalesce(sub, below));
    }
    return result;
  }

  @SuppressWarnings("unchecked")
  private static void below(Map<String, Object> over, Map<String, Object> under) {
    under.forEach(
        (key, value) -> {
          if (!over.containsKey(key)) {
            over.put(key, value);
          } else if (over.get(key) == null) {
            over.remove(key);
          } else if (over.get(key) instanceof Map<?, ?> inner && value instanceof Map<?, ?> map) {
            below((Map<String, Object>) inner, (Map<String, Object>) map);
          }
        });
  }
}
