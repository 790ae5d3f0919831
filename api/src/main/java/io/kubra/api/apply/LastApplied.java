package io.kubra.api.apply;

import io.kubra.api.json.Json;
import io.kubra.api.schema.Schema;
import io.kubra.api.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way over from client-side apply: kubectl may take over, without force, the fields that its
 * earlier self recorded in the last-applied annotation, and keeps that annotation up to date so
 * that one can go back.
 */
final class LastApplied {
  static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
  static final String MANAGER = "kubectl";
  private static final int ANNOTATIONS_LIMIT = 256 * 1024;

  private LastApplied() {}

  /** The fields that client-side apply set and that have kept their value since. */
  static FieldSet unchangedFields(@Nullable Schema schema, Map<String, Object> live) {
    String recorded = Trees.string(live, "metadata", "annotations", ANNOTATION);
    if (recorded == null || recorded.isEmpty()) {
      return FieldSet.empty();
    }
    Map<String, Object> configuration;
    try {
      configuration = Json.parseObject(recorded.getBytes(StandardCharsets.UTF_8));
    } catch (RuntimeException malformed) {
      // Somebody wrote the annotation by hand: it then gives no right to any field.
      return FieldSet.empty();
    }
    FieldSet fields = Extraction.of(schema, configuration).leaves();
    return fields.difference(Comparison.of(schema, configuration, live).modified);
  }

  /** Writes the applied configuration into the annotation, if the object has one. */
  static void synchronise(Map<String, Object> object, Map<String, Object> applied) {
    String recorded = Trees.string(object, "metadata", "annotations", ANNOTATION);
    if (recorded == null || recorded.isEmpty()) {
      return;
    }
    Map<String, Object> configuration = Trees.deepCopy(applied);
    Trees.remove(configuration, "metadata", "annotations", ANNOTATION);
    String text = Json.toString(configuration) + "\n";
    boolean fits = text.getBytes(StandardCharsets.UTF_8).length <= ANNOTATIONS_LIMIT;
    Trees.set(object, fits ? text : "", "metadata", "annotations", ANNOTATION);
  }
}
