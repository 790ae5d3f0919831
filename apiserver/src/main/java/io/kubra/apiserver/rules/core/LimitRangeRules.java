package io.kubra.apiserver.rules.core;

import io.kubra.api.quantity.Quantity;
import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import io.kubra.apiserver.rules.pod.ResourceChecks;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules of limit ranges. */
public final class LimitRangeRules implements KindRules {
  private static final List<String> LISTS =
      List.of("max", "min", "default", "defaultRequest", "maxLimitRequestRatio");

  @Override
  public void applyDefaults(Map<String, Object> range) {
    for (Map<String, Object> item : Trees.maps(range, "spec", "limits")) {
      if ("Container".equals(item.get("type"))) {
        Map<String, Object> max = Trees.map(item, "max");
        if (max != null) {
          max.forEach(Defaults.object(item, "default")::putIfAbsent);
        }
        Map<String, Object> limits = Trees.map(item, "default");
        if (limits != null) {
          limits.forEach(Defaults.object(item, "defaultRequest")::putIfAbsent);
        }
        Map<String, Object> min = Trees.map(item, "min");
        if (min != null) {
          min.forEach(Defaults.object(item, "defaultRequest")::putIfAbsent);
        }
      }
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> range) {
    Checks checks = new Checks();
    Set<String> types = new HashSet<>();
    int i = 0;
    for (Map<String, Object> item : Trees.maps(range, "spec", "limits")) {
      FieldPath at = FieldPath.of("spec", "limits").index(i++);
      String type = Trees.stringOr(item, "", "type");
      checks.present(at.child("type"), type);
      if (!types.add(type)) {
        checks.duplicate(at.child("type"), type);
      }
      for (String list : LISTS) {
        Map<String, Object> values = Trees.map(item, list);
        if (values != null) {
          values.forEach(
              (name, value) -> ResourceChecks.quantity(checks, at.child(list).key(name), value));
        }
      }
      atMost(checks, at, item, "min", "max");
      atMost(checks, at, item, "min", "defaultRequest");
      atMost(checks, at, item, "defaultRequest", "max");
      atMost(checks, at, item, "defaultRequest", "default");
      atMost(checks, at, item, "min", "default");
      atMost(checks, at, item, "default", "max");
    }
    return checks.errors();
  }

  private static void atMost(
      Checks checks, FieldPath path, Map<String, Object> item, String lower, String upper) {
    Map<String, Object> values = Trees.map(item, lower);
    if (values == null) {
      return;
    }
    for (String name : values.keySet()) {
      Quantity less = quantity(Trees.get(item, lower, name));
      Quantity more = quantity(Trees.get(item, upper, name));
      if (less != null && more != null && less.compareTo(more) > 0) {
        checks.invalid(
            path.child(lower).key(name),
            less.toString(),
            lower + " value " + less + " is greater than " + upper + " value " + more);
      }
    }
  }

  private static @Nullable Quantity quantity(@Nullable Object value) {
    return value == null ? null : Quantity.tryParse(value.toString());
  }
}
