package io.kubra.apiserver.customresource;

import io.kubra.api.tree.Trees;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of a definition's names are free.
 *
 * @param accepted the names that it gets
 * @param reason why not all are accepted, such as {@code PluralConflict}; empty if they are
 */
record Names(Map<String, Object> accepted, String reason, String message) {

  /** Compares with what the other definitions of the group have got. */
  static Names of(Definition definition, Collection<Definition> others) {
    Set<String> resources = new HashSet<>();
    Set<String> kinds = new HashSet<>();
    for (Definition other : others) {
      if (other.group().equals(definition.group()) && !other.name().equals(definition.name())) {
        Map<String, Object> names = other.acceptedNames();
        resources.add(Trees.stringOr(names, "", "plural"));
        resources.add(Trees.stringOr(names, "", "singular"));
        resources.addAll(Trees.strings(names, "shortNames"));
        kinds.add(Trees.stringOr(names, "", "kind"));
        kinds.add(Trees.stringOr(names, "", "listKind"));
      }
    }
    Map<String, Object> wanted = definition.wantedNames();
    Map<String, Object> accepted = new LinkedHashMap<>(definition.acceptedNames());
    String reason = "";
    String message = "";
    for (String field : List.of("plural", "singular", "shortNames", "kind", "listKind")) {
      Set<String> taken = field.equals("kind") || field.equals("listKind") ? kinds : resources;
      List<String> conflicts = conflicts(wanted.get(field), accepted.get(field), taken);
      if (conflicts.isEmpty()) {
        put(accepted, field, wanted.get(field));
      } else {
        reason = Character.toUpperCase(field.charAt(0)) + field.substring(1) + "Conflict";
        message =
            conflicts.size() == 1 ? conflicts.getFirst() : "[" + String.join(", ", conflicts) + "]";
      }
    }
    put(accepted, "categories", wanted.get("categories"));
    return new Names(accepted, reason, message);
  }

  private static List<String> conflicts(
      @org.jspecify.annotations.Nullable Object wanted,
      @org.jspecify.annotations.Nullable Object has,
      Set<String> taken) {
    if (wanted == null || Trees.equal(wanted, has)) {
      return List.of();
    }
    List<?> all = wanted instanceof List<?> list ? list : List.of(wanted);
    return all.stream()
        .map(String::valueOf)
        .filter(taken::contains)
        .map(name -> "\"" + name + "\" is already in use")
        .toList();
  }

  private static void put(
      Map<String, Object> names, String field, @org.jspecify.annotations.Nullable Object value) {
    if (value == null) {
      names.remove(field);
    } else {
      names.put(field, value);
    }
  }
}
