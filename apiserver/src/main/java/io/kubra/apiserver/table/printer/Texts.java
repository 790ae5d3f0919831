package io.kubra.apiserver.table.printer;

import io.kubra.api.selector.LabelSelector;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Texts that several kinds show alike. */
final class Texts {
  private static final int SHOWN = 3;

  private Texts() {}

  /** Labels as {@code a=b,c=d}, sorted. */
  static String labels(@Nullable Object labels) {
    if (!(labels instanceof Map<?, ?> map) || map.isEmpty()) {
      return Row.NONE;
    }
    TreeMap<String, String> sorted = new TreeMap<>();
    map.forEach((k, v) -> sorted.put(String.valueOf(k), String.valueOf(v)));
    return sorted.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(","));
  }

  /** A label selector object in the form that is used in queries. */
  static String selector(@Nullable Map<String, Object> selector) {
    if (selector == null) {
      return Row.NONE;
    }
    String text;
    try {
      text = LabelSelector.fromTree(selector).toString();
    } catch (ApiException e) {
      return "<error>";
    }
    return text.isEmpty() ? Row.NONE : text;
  }

  /** The first three and how many more there are; {@code <unset>} for none. */
  static String few(List<String> all) {
    if (all.size() > SHOWN) {
      return String.join(",", all.subList(0, SHOWN)) + " + " + (all.size() - SHOWN) + " more...";
    }
    return all.isEmpty() ? Row.UNSET : String.join(",", all);
  }

  static String orNone(String text) {
    return text.isEmpty() ? Row.NONE : text;
  }

  /** One field of each container of a pod template, joined. */
  static String containers(@Nullable Object podSpec, String field) {
    return Trees.maps(podSpec, "containers").stream()
        .map(c -> Trees.stringOr(c, "", field))
        .collect(Collectors.joining(","));
  }
}
