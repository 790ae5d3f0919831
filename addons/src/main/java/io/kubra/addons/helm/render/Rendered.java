package io.kubra.addons.helm.render;

import io.kubra.addons.helm.release.Hook;
import java.util.List;

/**
 * A rendered chart.
 *
 * @param manifest its objects as YAML documents, each with its source
 * @param hooks its hooks
 */
public record Rendered(String manifest, List<Hook> hooks) {
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
