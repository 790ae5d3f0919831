package io.kubra.node.resources;

import io.kubra.api.quantity.Quantity;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How safe a pod is from losing its resources to others. */
public enum QosClass {
  GUARANTEED("Guaranteed"),
  BURSTABLE("Burstable"),
  BEST_EFFORT("BestEffort");

  private static final List<String> COUNTED = List.of("cpu", "memory");

  private final String text;

  QosClass(String text) {
    this.text = text;
  }

  /** The name in the API. */
  public String text() {
    return text;
  }

  /**
   * The class of a pod: guaranteed if every container limits cpu and memory and requests as much,
   * best effort if none says anything about them.
   */
  public static QosClass of(Pod pod) {
    String given = pod.status().qosClass();
    if (given != null) {
      for (QosClass c : values()) {
        if (c.text.equals(given)) {
          return c;
        }
      }
    }
    boolean anything = false;
    boolean guaranteed = true;
    for (Container c :
        Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream())
            .toList()) {
      ResourceRequirements r = c.resources();
      for (String name : COUNTED) {
        long limit = r == null ? 0 : milli(r.limits(), name);
        long request = r == null ? 0 : milli(r.requests(), name);
        anything |= limit > 0 || request > 0;
        guaranteed &= limit > 0 && (request == 0 || request == limit);
      }
    }
    if (!anything) {
      return BEST_EFFORT;
    }
    return guaranteed ? GUARANTEED : BURSTABLE;
  }

  private static long milli(Map<String, String> list, String name) {
    String value = list.get(name);
    return value == null ? 0 : Quantity.parse(value).milli();
  }
}
