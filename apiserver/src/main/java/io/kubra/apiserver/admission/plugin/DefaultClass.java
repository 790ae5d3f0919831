package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The class that objects get which name none.
 *
 * @param classes the resource of the classes
 * @param annotations those of which one, being "true", makes a class the default
 */
record DefaultClass(GroupResource classes, List<String> annotations) {

  /** The default class's name; the newest, and of these the first by name, if there are several. */
  Optional<String> find(ObjectReader objects) {
    Comparator<Map<String, Object>> newest =
        Comparator.comparing(c -> Trees.stringOr(c, "", "metadata", "creationTimestamp"));
    return objects.list(classes, null).stream()
        .filter(this::isDefault)
        .max(newest.thenComparing(Comparator.comparing(DefaultClass::nameOf).reversed()))
        .map(DefaultClass::nameOf);
  }

  private static String nameOf(Map<String, Object> object) {
    return Trees.stringOr(object, "", "metadata", "name");
  }

  private boolean isDefault(Map<String, Object> object) {
    return annotations.stream()
        .anyMatch(a -> "true".equals(Trees.string(object, "metadata", "annotations", a)));
  }
}
