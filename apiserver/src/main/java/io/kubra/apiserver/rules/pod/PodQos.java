package io.kubra.apiserver.rules.pod;

import io.kubra.api.quantity.Quantity;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The quality of service class that a pod's cpu and memory settings put it in. */
public final class PodQos {
  private static final List<String> COUNTED = List.of("cpu", "memory");

  private PodQos() {}

  /** Guaranteed, Burstable or BestEffort. */
  public static String of(Map<String, Object> pod) {
    List<Map<String, Object>> resources = new ArrayList<>();
    Map<String, Object> whole = Trees.map(pod, "spec", "resources");
    if (whole != null
        && !(sum(List.of(whole), "requests").isEmpty()
            && sum(List.of(whole), "limits").isEmpty())) {
      resources.add(whole);
    } else {
      for (String list : List.of("containers", "initContainers")) {
        for (Map<String, Object> container : Trees.maps(pod, "spec", list)) {
          Map<String, Object> own = Trees.map(container, "resources");
          resources.add(own == null ? Map.of() : own);
        }
      }
    }
    Map<String, Quantity> requests = sum(resources, "requests");
    Map<String, Quantity> limits = sum(resources, "limits");
    if (requests.isEmpty() && limits.isEmpty()) {
      return "BestEffort";
    }
    boolean guaranteed = requests.size() == limits.size();
    for (Map<String, Object> one : resources) {
      guaranteed &= sum(List.of(one), "limits").size() == COUNTED.size();
    }
    for (String name : requests.keySet()) {
      Quantity limit = limits.get(name);
      Quantity request = requests.get(name);
      guaranteed &= limit != null && request != null && limit.compareTo(request) == 0;
    }
    return guaranteed ? "Guaranteed" : "Burstable";
  }

  private static Map<String, Quantity> sum(List<Map<String, Object>> resources, String which) {
    Map<String, Quantity> sums = new HashMap<>();
    for (Map<String, Object> one : resources) {
      for (String name : COUNTED) {
        Object text = Trees.get(one, which, name);
        Quantity quantity = text == null ? null : Quantity.tryParse(text.toString());
        if (quantity != null && quantity.signum() > 0) {
          sums.merge(name, quantity, Quantity::add);
        }
      }
    }
    return sums;
  }
}
