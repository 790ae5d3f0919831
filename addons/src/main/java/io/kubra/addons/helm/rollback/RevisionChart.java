package io.kubra.addons.helm.rollback;

import io.kubra.addons.files.FolderTree;
import io.kubra.addons.helm.release.Hook;
import io.kubra.addons.helm.release.Release;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A chart whose only template gives a stored revision's objects word for word, and its rollback
 * hooks as upgrade hooks. A folder that {@link #close} removes; it may hold secrets and is its
 * owner's alone.
 */
final class RevisionChart implements AutoCloseable {
  private static final String HOOK = "helm.sh/hook";
  private static final Map<String, String> EVENTS =
      Map.of("pre-rollback", "pre-upgrade", "post-rollback", "post-upgrade");

  private final Path folder;

  /** Writes the chart of a revision. */
  RevisionChart(Release release, boolean hooks) {
    try {
      folder = Files.createTempDirectory("kubra-rollback");
      Files.createDirectory(folder.resolve("templates"));
      write("Chart.yaml", new String(Yaml.write(metadata(release)), StandardCharsets.UTF_8));
      // What a file holds is not taken for a template.
      write("templates/objects.yaml", "{{ .Files.Get \"objects.yaml\" }}\n");
      StringBuilder objects = new StringBuilder(release.manifest());
      if (hooks) {
        for (Hook hook : release.hooks()) {
          rollbackHook(hook, objects);
        }
      }
      write("objects.yaml", objects.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> metadata(Release release) {
    Map<String, Object> chart = new LinkedHashMap<>();
    chart.put("apiVersion", "v2");
    chart.put("name", release.chart("name"));
    chart.put("version", release.chart("version"));
    chart.put("appVersion", release.chart("appVersion"));
    return chart;
  }

  private static void rollbackHook(Hook hook, StringBuilder out) {
    List<String> events = new ArrayList<>();
    for (String event : hook.events()) {
      String other = EVENTS.get(event);
      if (other != null) {
        events.add(other);
      }
    }
    if (!events.isEmpty()) {
      Map<String, Object> object =
          Yaml.parseObject(hook.manifest().getBytes(StandardCharsets.UTF_8));
      Trees.ensureMap(object, "metadata", "annotations").put(HOOK, String.join(",", events));
      out.append("\n---\n").append(new String(Yaml.write(object), StandardCharsets.UTF_8));
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() {
    try {
      FolderTree.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
