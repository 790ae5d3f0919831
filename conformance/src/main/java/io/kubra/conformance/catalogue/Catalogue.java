package io.kubra.conformance.catalogue;

import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All requirements in the order of the architecture. */
public final class Catalogue {
  private static final String RESOURCE = "/io/kubra/conformance/catalogue.yaml";

  private final Map<String, Requirement> rows = new LinkedHashMap<>();

  private Catalogue() {}

  /** Reads the catalogue that comes with this module. */
  public static Catalogue read() {
    Catalogue catalogue = new Catalogue();
    try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
      for (Map<String, Object> row :
          Trees.maps(Yaml.parse(Objects.requireNonNull(in, RESOURCE).readAllBytes()))) {
        Requirement requirement = requirement(row);
        catalogue.rows.put(requirement.key(), requirement);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return catalogue;
  }

  private static Requirement requirement(Map<String, Object> row) {
    return new Requirement(
        text(row, "key"),
        text(row, "area"),
        Level.of(text(row, "level")),
        Scope.of(text(row, "profile")),
        text(row, "subject"),
        text(row, "role"),
        text(row, "means"),
        text(row, "summary"),
        text(row, "when"),
        text(row, "sig"),
        text(row, "label"),
        Trees.strings(row, "trace"));
  }

  private static String text(Map<String, Object> row, String field) {
    return Trees.stringOr(row, "", field);
  }

  /** All requirements. */
  public List<Requirement> all() {
    return List.copyOf(rows.values());
  }

  /**
   * A requirement by key.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Requirement get(String key) {
    Requirement found = rows.get(key);
    if (found == null) {
      throw new IllegalArgumentException("there is no requirement \"" + key + '"');
    }
    return found;
  }

  /**
   * The requirements of some areas and ids; an empty list selects all. An id that two rows share
   * selects both.
   *
   * @throws IllegalArgumentException if an area or id does not exist
   */
  public List<Requirement> select(List<String> areas, List<String> ids) {
    for (String area : areas) {
      if (all().stream().noneMatch(r -> r.area().equals(area))) {
        throw new IllegalArgumentException(
            "there is no area \"" + area + "\"; the areas are " + String.join(", ", areas()));
      }
    }
    for (String id : ids) {
      if (all().stream().noneMatch(r -> named(r, id))) {
        throw new IllegalArgumentException("there is no requirement \"" + id + '"');
      }
    }
    Stream<Requirement> selected = all().stream();
    if (!areas.isEmpty()) {
      selected = selected.filter(r -> areas.contains(r.area()));
    }
    if (!ids.isEmpty()) {
      selected = selected.filter(r -> ids.stream().anyMatch(id -> named(r, id)));
    }
    return selected.toList();
  }

  private static boolean named(Requirement requirement, String id) {
    return requirement.key().equals(id) || requirement.id().equals(id);
  }

  private TreeSet<String> areas() {
    return all().stream().map(Requirement::area).collect(Collectors.toCollection(TreeSet::new));
  }
}
