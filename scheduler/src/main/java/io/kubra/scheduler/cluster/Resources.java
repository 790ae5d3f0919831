package io.kubra.scheduler.cluster;

import io.kubra.api.quantity.Quantity;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.ResourceRequirements;
import java.util.HashMap;
import java.util.Map;

/** Amounts by resource name: CPU in thousandths, everything else in whole units. Mutable. */
public final class Resources {
  public static final String CPU = "cpu";
  public static final String MEMORY = "memory";
  public static final String PODS = "pods";

  private final Map<String, Long> amounts = new HashMap<>();

  /** The amounts of a resource list. */
  public static Resources of(Map<String, String> list) {
    Resources resources = new Resources();
    list.forEach((name, text) -> resources.amounts.put(name, amount(name, text)));
    return resources;
  }

  private static long amount(String name, String text) {
    Quantity quantity = Quantity.parse(text);
    return name.equals(CPU) ? quantity.milli() : quantity.value();
  }

  /**
   * What a pod occupies: the sum over its containers and sidecars, or the most that one init
   * container needs beside the sidecars started before it, plus the overhead (KEP-753).
   */
  public static Resources requestsOf(Pod pod) {
    Resources running = new Resources();
    pod.spec().containers().forEach(c -> running.add(requests(c.resources())));
    Resources sidecars = new Resources();
    Resources starting = new Resources();
    for (Container init : pod.spec().initContainers()) {
      Resources own = requests(init.resources());
      if ("Always".equals(init.restartPolicy())) {
        sidecars.add(own);
        starting.max(sidecars);
      } else {
        own.add(sidecars);
        starting.max(own);
      }
    }
    running.add(sidecars);
    running.max(starting);
    ResourceRequirements whole = pod.spec().resources();
    if (whole != null) {
      // Requests of the pod as a whole take the place of its containers' sum (KEP-2837).
      Resources declared = requests(whole);
      running.amounts.putAll(declared.amounts);
    }
    running.add(of(pod.spec().overhead()));
    running.amounts.put(PODS, 1L);
    return running;
  }

  private static Resources requests(
      @org.jspecify.annotations.Nullable ResourceRequirements requirements) {
    return requirements == null ? new Resources() : of(requirements.requests());
  }

  /** The amount of a resource, 0 if absent. */
  public long get(String name) {
    return amounts.getOrDefault(name, 0L);
  }

  /** The names with an amount. */
  public Iterable<String> names() {
    return amounts.keySet();
  }

  void add(Resources other) {
    other.amounts.forEach((name, amount) -> amounts.merge(name, amount, Long::sum));
  }

  void subtract(Resources other) {
    other.amounts.forEach((name, amount) -> amounts.merge(name, -amount, Long::sum));
  }

  private void max(Resources other) {
    other.amounts.forEach((name, amount) -> amounts.merge(name, amount, Math::max));
  }
}
