package io.kubra.apiserver.flow;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The objects that upstream makes: mandatory ones, which are always as they should be, and
 * suggested ones, which an administrator may change or delete.
 */
final class FlowDefaults {
  private static final String FILE = "defaults.json";
  private static final Set<String> MANDATORY = Set.of("exempt", "catch-all");

  private final List<Map<String, Object>> levels;
  private final List<Map<String, Object>> schemas;

  FlowDefaults() {
    try (InputStream in = FlowDefaults.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is missing");
      }
      Map<String, Object> tree = Json.parseObject(in.readAllBytes());
      levels = Trees.maps(tree, "priorityLevels");
      schemas = Trees.maps(tree, "flowSchemas");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Map<String, Object>> levels() {
    return levels;
  }

  List<Map<String, Object>> schemas() {
    return schemas;
  }

  static boolean mandatory(Map<String, Object> object) {
    return MANDATORY.contains(Trees.stringOr(object, "", "metadata", "name"));
  }
}
