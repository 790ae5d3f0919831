package io.kubra.addons.helm.render;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.release.Hook;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A rendered chart.
 *
 * @param manifest its objects as YAML documents, each with its source
 * @param hooks its hooks
 */
public record Rendered(String manifest, List<Hook> hooks) {
  private static final String SOURCE = "# Source: ";

  /**
   * The documents of a text that come from templates, in the order of these.
   *
   * @param templates paths within the chart, which may have wildcards
   * @throws HelmException if nothing comes from one of them
   */
  public static String only(String text, List<String> templates) {
    StringBuilder out = new StringBuilder();
    Map<String, String> files = files(text);
    for (String template : templates) {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + template);
      boolean found = false;
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path source = Path.of(file.getKey());
        Path within = source.getNameCount() < 2 ? source : source.subpath(1, source.getNameCount());
        if (matcher.matches(within)) {
          out.append(file.getValue());
          found = true;
        }
      }
      if (!found) {
        throw new HelmException("could not find template " + template + " in chart");
      }
    }
    return out.toString();
  }

  /** The documents of a text by the template that they come from. */
  public static Map<String, String> files(String text) {
    Map<String, String> files = new LinkedHashMap<>();
    for (String document : ("\n" + text).split("\n---\n", -1)) {
      if (document.startsWith(SOURCE)) {
        String source = document.lines().findFirst().orElse("").substring(SOURCE.length());
        files.merge(source, "---\n" + document.stripTrailing() + "\n", String::concat);
      }
    }
    return files;
  }

  /** Objects and hooks as {@code template} prints them. */
  public String text(boolean withTests) {
    StringBuilder out = new StringBuilder(manifest.strip()).append('\n');
    for (Hook hook : hooks) {
      if (withTests || !hook.events().contains("test")) {
        out.append("---\n# Source: ").append(hook.path()).append('\n');
        out.append(hook.manifest()).append('\n');
      }
    }
    return out.toString();
  }
}
