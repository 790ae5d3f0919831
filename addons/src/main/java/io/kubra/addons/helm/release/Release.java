package io.kubra.addons.helm.release;

import io.kubra.api.tree.Trees;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One revision of a release.
 *
 * @param tree the release as Helm writes it; fields that this version does not know are kept
 * @param labels the user's own labels of the revision, which Helm keeps beside the release
 */
public record Release(Map<String, Object> tree, Map<String, String> labels) {
  /** The release's name. */
  public String name() {
    return Trees.stringOr(tree, "", "name");
  }

  /** The namespace it is in. */
  public String namespace() {
    return Trees.stringOr(tree, "", "namespace");
  }

  /** The revision, from 1. */
  public int revision() {
    return (int) Trees.integerOr(tree, 0, "version");
  }

  /** Such as {@code deployed}, {@code superseded}, {@code failed}, {@code pending-upgrade}. */
  public String status() {
    return Trees.stringOr(tree, "unknown", "info", "status");
  }

  /** What happened last, in words. */
  public String description() {
    return Trees.stringOr(tree, "", "info", "description");
  }

  /** The chart's notes, rendered; empty if it has none. */
  public String notes() {
    return Trees.stringOr(tree, "", "info", "notes");
  }

  /** The rendered objects as YAML documents, without hooks. */
  public String manifest() {
    return Trees.stringOr(tree, "", "manifest");
  }

  /** The values the user gave. */
  public Map<String, Object> config() {
    Map<String, Object> config = Trees.map(tree, "config");
    return config == null ? Map.of() : config;
  }

  /** The chart's own values. */
  public Map<String, Object> chartValues() {
    Map<String, Object> values = Trees.map(tree, "chart", "values");
    return values == null ? Map.of() : values;
  }

  /** A text of the chart's metadata, such as {@code name} or {@code appVersion}; empty if unset. */
  public String chart(String field) {
    return Trees.stringOr(tree, "", "chart", "metadata", field);
  }

  /** Chart and version as lists show them. */
  public String chartName() {
    return chart("name").isEmpty() ? "MISSING" : chart("name") + "-" + chart("version");
  }

  /** The hooks in the order of the release. */
  public List<Hook> hooks() {
    return Trees.maps(tree, "hooks").stream().map(Hook::new).toList();
  }

  /** When this revision was made, with the offset it was written with; null if unknown. */
  public @Nullable OffsetDateTime lastDeployed() {
    return time(Trees.string(tree, "info", "last_deployed"));
  }

  /** Whether an operation on the release is under way or was cut off. */
  public boolean pending() {
    return status().startsWith("pending-");
  }

  /** The same revision with another status and description. */
  public Release with(String status, @Nullable String description) {
    Map<String, Object> changed = Trees.deepCopy(tree);
    Trees.set(changed, status, "info", "status");
    if (description != null) {
      Trees.set(changed, description, "info", "description");
    }
    return new Release(changed, labels);
  }

  /** Helm writes an unset time as the year 1, and sometimes as an empty text. */
  static @Nullable OffsetDateTime time(@Nullable String text) {
    if (text == null || text.isEmpty() || text.startsWith("0001-")) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** When this revision was made, for sorting; the epoch if unknown. */
  public Instant deployedAt() {
    OffsetDateTime time = lastDeployed();
    return time == null ? Instant.EPOCH : time.toInstant();
  }

  /** Values may be secret. */
  @Override
  public String toString() {
    return "Release[" + namespace() + "/" + name() + " v" + revision() + " " + status() + "]";
  }
}
