package io.kubra.apiserver.rules.core;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.check.Checks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Rules of config maps. */
public final class ConfigMapRules implements KindRules {
  private static final int LIMIT = 1024 * 1024;

  @Override
  public List<FieldError> validate(Map<String, Object> configMap) {
    Checks checks = new Checks();
    Map<String, Object> data = Trees.map(configMap, "data");
    Map<String, Object> binary = Trees.map(configMap, "binaryData");
    long size = 0;
    if (data != null) {
      for (Map.Entry<String, Object> e : data.entrySet()) {
        checks.name(FieldPath.of("data").key(e.getKey()), e.getKey(), Names::configMapKey);
        if (binary != null && binary.containsKey(e.getKey())) {
          checks.invalid(
              FieldPath.of("data").key(e.getKey()),
              e.getKey(),
              "duplicate of key present in binaryData");
        }
        size += String.valueOf(e.getValue()).getBytes(StandardCharsets.UTF_8).length;
      }
    }
    if (binary != null) {
      for (Map.Entry<String, Object> e : binary.entrySet()) {
        checks.name(FieldPath.of("binaryData").key(e.getKey()), e.getKey(), Names::configMapKey);
        size += String.valueOf(e.getValue()).length() * 3L / 4;
      }
    }
    if (size > LIMIT) {
      checks.add(FieldError.tooLong(FieldPath.of(""), "", LIMIT));
    }
    return checks.errors();
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> configMap, Map<String, Object> old) {
    Checks checks = new Checks();
    if (Trees.bool(old, "immutable")) {
      if (!Trees.bool(configMap, "immutable")) {
        checks.forbidden(FieldPath.of("immutable"), "field is immutable when `immutable` is set");
      }
      for (String field : List.of("data", "binaryData")) {
        if (!Checks.same(configMap.get(field), old.get(field))) {
          checks.forbidden(FieldPath.of(field), "field is immutable when `immutable` is set");
        }
      }
    }
    checks.addAll(validate(configMap));
    return checks.errors();
  }
}
