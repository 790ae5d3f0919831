package io.kubra.apiserver.rules;

import io.kubra.api.json.Yaml;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Objects from YAML, and the rules of their kinds. */
final class Objects {
  private static final KindRulesRegistry REGISTRY = BuiltinRules.registry();

  private Objects() {}

  @SuppressWarnings("unchecked")
  static Map<String, Object> of(String yaml) {
    return (Map<String, Object>) Yaml.parse(yaml.getBytes(StandardCharsets.UTF_8));
  }

  static Map<String, Object> pod(String spec) {
    return of("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {" + spec + "}}");
  }

  /** The objects of samples.yaml. */
  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> samples() {
    try (InputStream in = Objects.class.getResourceAsStream("samples.yaml")) {
      List<Map<String, Object>> all = new ArrayList<>();
      Yaml.parseAll(java.util.Objects.requireNonNull(in).readAllBytes())
          .forEach(o -> all.add((Map<String, Object>) o));
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ResourceInfo resource(Map<String, Object> object) {
    ResourceInfo info =
        Catalogue.builtin()
            .byKind(
                GroupVersionKind.of(
                    Trees.stringOr(object, "", "apiVersion"), Trees.stringOr(object, "", "kind")));
    return java.util.Objects.requireNonNull(info, object.toString());
  }

  static KindRules rules(Map<String, Object> object) {
    ResourceInfo info = resource(object);
    return REGISTRY.rules(info.gvr().group(), info.gvr().resource());
  }

  /** The object with its defaults. */
  static Map<String, Object> defaulted(Map<String, Object> object) {
    rules(object).applyDefaults(object);
    return object;
  }

  /** What is wrong with an object once it has its defaults. */
  static List<String> problems(Map<String, Object> object) {
    return rules(object).validate(defaulted(object)).stream().map(FieldError::message).toList();
  }

  /** What is wrong with changing one object into another. */
  static List<String> problemsOfUpdate(Map<String, Object> next, Map<String, Object> old) {
    return rules(next).validateUpdate(defaulted(next), defaulted(old)).stream()
        .map(FieldError::message)
        .toList();
  }
}
