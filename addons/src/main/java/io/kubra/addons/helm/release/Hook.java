package io.kubra.addons.helm.release;

import io.kubra.api.tree.Trees;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One hook of a release.
 *
 * @param tree the hook as Helm writes it
 */
public record Hook(Map<String, Object> tree) {
  /** The name of its object. */
  public String name() {
    return Trees.stringOr(tree, "", "name");
  }

  /** The kind of its object. */
  public String kind() {
    return Trees.stringOr(tree, "", "kind");
  }

  /** The template it comes from. */
  public String path() {
    return Trees.stringOr(tree, "", "path");
  }

  /** Its object as a YAML document. */
  public String manifest() {
    return Trees.stringOr(tree, "", "manifest");
  }

  /** When it runs: {@code pre-install}, {@code test}, and so on. */
  public List<String> events() {
    return Trees.strings(tree, "events");
  }

  /** When it started last; null if never. */
  public @Nullable OffsetDateTime started() {
    return Release.time(Trees.string(tree, "last_run", "started_at"));
  }

  /** When it ended last; null if never. */
  public @Nullable OffsetDateTime completed() {
    return Release.time(Trees.string(tree, "last_run", "completed_at"));
  }

  /** How the last run went: {@code Succeeded}, {@code Failed}, {@code Running}, or empty. */
  public String phase() {
    return Trees.stringOr(tree, "", "last_run", "phase");
  }
}
