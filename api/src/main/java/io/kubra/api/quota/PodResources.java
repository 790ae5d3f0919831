package io.kubra.api.quota;

import io.kubra.api.quantity.Quantity;
import io.kubra.api.tree.Trees;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a whole pod requests or is limited to: its containers run together, with the sidecars among
 * the init containers; other init containers run one after the other, beside the sidecars before
 * them; overhead comes on top.
 */
public final class PodResources {
  private PodResources() {}

  /** The pod's requests or limits. */
  public static Map<String, Quantity> of(Map<String, Object> pod, String field) {
    Map<String, Quantity> total = new LinkedHashMap<>();
    for (Map<String, Object> container : Trees.maps(pod, "spec", "containers")) {
      add(total, quantities(Trees.map(container, "resources", field)));
    }
    Map<String, Quantity> sidecars = new LinkedHashMap<>();
    Map<String, Quantity> highest = new LinkedHashMap<>();
    for (Map<String, Object> container : Trees.maps(pod, "spec", "initContainers")) {
      Map<String, Quantity> own = quantities(Trees.map(container, "resources", field));
      if ("Always".equals(container.get("restartPolicy"))) {
        add(sidecars, own);
        add(total, own);
        raise(highest, sidecars);
      } else {
        Map<String, Quantity> together = new LinkedHashMap<>(sidecars);
        add(together, own);
        raise(highest, together);
      }
    }
    raise(total, highest);
    quantities(Trees.map(pod, "spec", "resources", field)).forEach(total::put);
    Map<String, Quantity> overhead = quantities(Trees.map(pod, "spec", "overhead"));
    overhead.forEach(
        (resource, amount) -> {
          if (field.equals("requests") || total.containsKey(resource)) {
            total.merge(resource, amount, Quantity::add);
          }
        });
    return total;
  }

  /** Reads a resource list; amounts that are no quantities are left out. */
  public static Map<String, Quantity> quantities(@Nullable Map<String, Object> tree) {
    Map<String, Quantity> quantities = new LinkedHashMap<>();
    if (tree != null) {
      tree.forEach(
          (resource, amount) -> {
            Quantity quantity = Quantity.tryParse(String.valueOf(amount));
            if (quantity != null) {
              quantities.put(resource, quantity);
            }
          });
    }
    return quantities;
  }

  private static void add(Map<String, Quantity> to, Map<String, Quantity> from) {
    from.forEach((resource, amount) -> to.merge(resource, amount, Quantity::add));
  }

  private static void raise(Map<String, Quantity> to, Map<String, Quantity> from) {
    from.forEach(
        (resource, amount) -> to.merge(resource, amount, (a, b) -> a.compareTo(b) >= 0 ? a : b));
  }
}
