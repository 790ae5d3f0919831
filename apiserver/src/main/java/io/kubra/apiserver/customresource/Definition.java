package io.kubra.apiserver.customresource;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.VersionOrder;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A CustomResourceDefinition, read from its tree, which must not be changed. */
record Definition(Map<String, Object> tree) {

  String name() {
    return Trees.stringOr(tree, "", "metadata", "name");
  }

  String uid() {
    return Trees.stringOr(tree, "", "metadata", "uid");
  }

  String group() {
    return Trees.stringOr(tree, "", "spec", "group");
  }

  boolean namespaced() {
    return Trees.stringOr(tree, "", "spec", "scope").equals("Namespaced");
  }

  boolean terminating() {
    return Trees.get(tree, "metadata", "deletionTimestamp") != null;
  }

  /** The names that were accepted; empty before. */
  Map<String, Object> acceptedNames() {
    Map<String, Object> names = Trees.map(tree, "status", "acceptedNames");
    return names == null ? Map.of() : names;
  }

  Map<String, Object> wantedNames() {
    Map<String, Object> names = Trees.map(tree, "spec", "names");
    return names == null ? Map.of() : names;
  }

  /** The resource under its accepted name. */
  GroupResource resource() {
    return new GroupResource(group(), Trees.stringOr(acceptedNames(), "", "plural"));
  }

  boolean established() {
    return holds("Established");
  }

  boolean holds(String condition) {
    Map<String, Object> found = condition(condition);
    return found != null && "True".equals(found.get("status"));
  }

  @Nullable Map<String, Object> condition(String type) {
    for (Map<String, Object> c : Trees.maps(tree, "status", "conditions")) {
      if (type.equals(c.get("type"))) {
        return c;
      }
    }
    return null;
  }

  /** The served versions, most preferred first. */
  List<Map<String, Object>> servedVersions() {
    List<Map<String, Object>> served = new ArrayList<>(Trees.maps(tree, "spec", "versions"));
    served.removeIf(v -> !Trees.bool(v, "served"));
    served.sort(Comparator.comparing(v -> Trees.stringOr(v, "", "name"), VersionOrder.INSTANCE));
    return served;
  }

  /** How objects get from one version into another. */
  Map<String, Object> conversion() {
    Map<String, Object> conversion = Trees.map(tree, "spec", "conversion");
    return conversion == null ? Map.of() : conversion;
  }

  String storageVersion() {
    for (Map<String, Object> v : Trees.maps(tree, "spec", "versions")) {
      if (Trees.bool(v, "storage")) {
        return Trees.stringOr(v, "", "name");
      }
    }
    return "";
  }

  @Nullable Map<String, Object> version(String name) {
    for (Map<String, Object> v : Trees.maps(tree, "spec", "versions")) {
      if (name.equals(v.get("name"))) {
        return v;
      }
    }
    return null;
  }

  /** The selectable paths of all versions. */
  List<String> selectablePaths() {
    List<String> paths = new ArrayList<>();
    for (Map<String, Object> v : Trees.maps(tree, "spec", "versions")) {
      for (Map<String, Object> f : Trees.maps(v, "selectableFields")) {
        String path = Trees.stringOr(f, "", "jsonPath");
        if (!path.isEmpty() && !paths.contains(path)) {
          paths.add(path);
        }
      }
    }
    return paths;
  }

  /** All that serving depends on; two definitions with equal ones are served alike. */
  List<Object> essence() {
    return List.of(
        uid(),
        Trees.integerOr(tree, 0, "metadata", "generation"),
        acceptedNames(),
        established(),
        terminating());
  }
}
