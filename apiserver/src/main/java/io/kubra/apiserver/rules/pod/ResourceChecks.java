package io.kubra.apiserver.rules.pod;

import io.kubra.api.quantity.Quantity;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.check.Checks;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks of requests, limits and quantities in general. */
public final class ResourceChecks {
  private static final Set<String> OF_CONTAINERS = Set.of("cpu", "memory", "ephemeral-storage");

  private ResourceChecks() {}

  /** Checks the resources of a container. */
  static void container(
      Checks checks, FieldPath path, @Nullable Map<String, Object> resources, Set<String> claims) {
    if (resources == null) {
      return;
    }
    Map<String, Object> limits = orEmpty(Trees.map(resources, "limits"));
    Map<String, Object> requests = orEmpty(Trees.map(resources, "requests"));
    limits.forEach((name, value) -> resource(checks, path.child("limits"), name, value));
    requests.forEach((name, value) -> resource(checks, path.child("requests"), name, value));
    requests.forEach(
        (name, value) -> againstLimit(checks, path.child("requests"), name, value, limits));
    for (String name : limits.keySet()) {
      if (!overcommittable(name) && !requests.containsKey(name)) {
        checks.required(path.child("requests").key(name), "must be equal to limit");
      }
    }
    Set<String> seen = new HashSet<>();
    int i = 0;
    for (Map<String, Object> claim : Trees.maps(resources, "claims")) {
      FieldPath at = path.child("claims").index(i++);
      String name = Trees.stringOr(claim, "", "name");
      if (!seen.add(name + "/" + Trees.stringOr(claim, "", "request"))) {
        checks.duplicate(at, name);
      } else if (name.isEmpty()) {
        checks.required(at.child("name"), "");
      } else if (!claims.contains(name)) {
        checks.notFound(at.child("name"), name);
      }
    }
  }

  private static void againstLimit(
      Checks checks,
      FieldPath path,
      String name,
      @Nullable Object value,
      Map<String, Object> limits) {
    Quantity request = value == null ? null : Quantity.tryParse(value.toString());
    Object limitText = limits.get(name);
    Quantity limit = limitText == null ? null : Quantity.tryParse(limitText.toString());
    if (request == null) {
      return;
    }
    if (limit == null) {
      if (!overcommittable(name)) {
        checks.required(path.child(), "Limit must be set for non overcommitable resources");
      }
    } else if (!overcommittable(name) && request.compareTo(limit) != 0) {
      checks.invalid(path, request.toString(), "must be equal to " + name + " limit of " + limit);
    } else if (request.compareTo(limit) > 0) {
      checks.invalid(
          path, request.toString(), "must be less than or equal to " + name + " limit of " + limit);
    }
  }

  private static void resource(Checks checks, FieldPath path, String name, @Nullable Object value) {
    FieldPath at = path.key(name);
    checks.name(at, name, Names::qualifiedName);
    if (!name.contains("/") && !OF_CONTAINERS.contains(name) && !name.startsWith("hugepages-")) {
      checks.invalid(at, name, "must be a standard resource for containers");
    }
    quantity(checks, at, value);
    Quantity quantity = value == null ? null : Quantity.tryParse(value.toString());
    if (quantity != null
        && !overcommittable(name)
        && !name.startsWith("hugepages-")
        && quantity.milli() % 1000 != 0) {
      checks.invalid(at, value, "must be an integer");
    }
  }

  /** Refuses what is no quantity, and negative ones. */
  public static void quantity(Checks checks, FieldPath path, @Nullable Object value) {
    if (value == null) {
      return;
    }
    Quantity quantity = Quantity.tryParse(value.toString());
    if (quantity == null) {
      checks.invalid(
          path,
          value,
          "quantities must match the regular expression"
              + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    } else if (quantity.signum() < 0) {
      checks.invalid(path, quantity.toString(), "must be greater than or equal to 0");
    }
  }

  /** Extended resources and huge pages are not overcommitted: their requests are their limits. */
  private static boolean overcommittable(String name) {
    return !name.startsWith("hugepages-")
        && (!name.contains("/") || name.startsWith("kubernetes.io/"));
  }

  private static Map<String, Object> orEmpty(@Nullable Map<String, Object> map) {
    return map == null ? Map.of() : map;
  }
}
