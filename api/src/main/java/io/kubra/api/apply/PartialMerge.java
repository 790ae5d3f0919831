package io.kubra.api.apply;

import io.kubra.api.schema.Schema;
import io.kubra.api.schema.Schema.Kind;
import io.kubra.api.schema.Schema.ListType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merges a partial object into a whole one as server-side apply does, but without ownership:
 * nothing is removed. What can only be set as a whole may not be merged, as that would remove what
 * the partial object does not name.
 */
public final class PartialMerge {
  private PartialMerge() {}

  /**
   * The merged object, a new tree.
   *
   * @throws IllegalArgumentException if the partial object does not fit the schema, or has lists,
   *     maps or objects that are set as a whole
   */
  public static Map<String, Object> of(
      Schema schema, Map<String, Object> whole, Map<String, Object> partial) {
    List<String> problems = AppliedConfiguration.problems(schema, partial);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "failed to convert patch object to typed object: "
              + (problems.size() == 1
                  ? problems.getFirst()
                  : "errors:\n  " + String.join("\n  ", problems)));
    }
    List<String> atomics = new ArrayList<>();
    findAtomics(schema, partial, "", atomics);
    if (!atomics.isEmpty()) {
      throw new IllegalArgumentException(
          "invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: "
              + String.join(", ", atomics));
    }
    return Merge.of(schema, whole, partial);
  }

  private static void findAtomics(
      @Nullable Schema schema, @Nullable Object value, String at, List<String> found) {
    if (schema == null) {
      return;
    }
    if (value instanceof Map<?, ?> map
        && (schema.kind() == Kind.OBJECT || schema.kind() == Kind.MAP)) {
      if (schema.atomicMap()) {
        found.add(at);
      }
      map.forEach(
          (name, below) -> {
            Schema.Field field = schema.kind() == Kind.OBJECT ? schema.field((String) name) : null;
            findAtomics(field == null ? null : field.schema(), below, at + "." + name, found);
          });
    } else if (value instanceof List<?> list && schema.kind() == Kind.LIST) {
      if (schema.listType() == ListType.ATOMIC) {
        found.add(at);
      }
      for (int i = 0; i < list.size(); i++) {
        findAtomics(schema.items(), list.get(i), at + "[" + i + "]", found);
      }
    }
  }
}
