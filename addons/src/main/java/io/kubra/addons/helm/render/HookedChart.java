package io.kubra.addons.helm.render;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.release.Hook;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a chart in which hooks are ordinary objects to Helm: their annotations carry another
 * prefix, which {@link #read} turns back. A folder that {@link #close} removes.
 */
public final class HookedChart implements AutoCloseable {
  static final String HOOK = "helm.sh/hook";
  // As long as the other, so that no line that is folded by width changes.
  static final String MASKED = "helm.sh/hOOk";
  private static final String SOURCE = "# Source: ";

  private final ChartCopy copy;

  /**
   * Copies a chart.
   *
   * @param source a chart's folder or archive
   * @throws HelmException if it is neither
   */
  public HookedChart(Path source) {
    copy = new ChartCopy(source, (file, text) -> text.replace(HOOK, MASKED));
  }

  /** The copy. */
  public Path chart() {
    return copy.chart();
  }

  /** Parts what Helm rendered of the copy into objects and hooks. */
  public static Rendered read(String text) {
    StringBuilder manifest = new StringBuilder();
    List<Hook> hooks = new ArrayList<>();
    for (String document : ("\n" + text).split("\n---\n", -1)) {
      if (document.isBlank()) {
        continue;
      }
      String body = document.strip().replace(MASKED, HOOK);
      Hook hook = document.contains(MASKED) ? hook(body) : null;
      if (hook != null) {
        hooks.add(hook);
      } else {
        manifest.append("---\n").append(body).append('\n');
      }
    }
    return new Rendered(manifest.toString(), hooks);
  }

  private static @Nullable Hook hook(String document) {
    Map<String, Object> object;
    try {
      object = Yaml.parseObject(document.getBytes(StandardCharsets.UTF_8));
    } catch (JsonSyntaxException e) {
      return null;
    }
    String events = Trees.string(object, "metadata", "annotations", HOOK);
    if (events == null) {
      return null;
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", Trees.stringOr(object, "", "metadata", "name"));
    tree.put("kind", Trees.stringOr(object, "", "kind"));
    String manifest = document;
    if (document.startsWith(SOURCE)) {
      int end = document.indexOf('\n');
      tree.put("path", document.substring(SOURCE.length(), end < 0 ? document.length() : end));
      manifest = end < 0 ? "" : document.substring(end + 1);
    }
    tree.put("manifest", manifest);
    tree.put("events", words(events));
    String weight = Trees.stringOr(object, "0", "metadata", "annotations", HOOK + "-weight");
    if (weight.matches("-?\\d{1,9}") && Integer.parseInt(weight) != 0) {
      tree.put("weight", Integer.parseInt(weight));
    }
    String policies = Trees.string(object, "metadata", "annotations", HOOK + "-delete-policy");
    if (policies != null) {
      tree.put("delete_policies", words(policies));
    }
    return new Hook(tree);
  }

  private static List<String> words(String list) {
    return Arrays.stream(list.split(",")).map(String::strip).toList();
  }

  @Override
  public void close() {
    copy.close();
  }
}
