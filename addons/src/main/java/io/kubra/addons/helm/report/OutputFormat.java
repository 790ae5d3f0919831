package io.kubra.addons.helm.report;

import io.kubra.api.json.Json;
import io.kubra.api.json.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How results are printed. */
public enum OutputFormat {
  TABLE,
  JSON,
  YAML;

  /**
   * Writes a result.
   *
   * @param tree the result for programs
   * @param table the result for people
   */
  public String write(@Nullable Object tree, Supplier<String> table) {
    return switch (this) {
      case TABLE -> table.get();
      case JSON -> Json.toString(tree) + "\n";
      case YAML -> yaml(tree);
    };
  }

  /** A tree as YAML with sorted keys. */
  public static String yaml(@Nullable Object tree) {
    return new String(Yaml.write(sorted(tree)), StandardCharsets.UTF_8);
  }

  private static @Nullable Object sorted(@Nullable Object tree) {
    return switch (tree) {
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put((String) key, sorted(value)));
        yield sorted;
      }
      case List<?> list -> list.stream().map(OutputFormat::sorted).toList();
      case null, default -> tree;
    };
  }
}
