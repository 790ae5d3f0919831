package io.kubra.apiserver.admission.policy;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.meta.GroupVersionResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.expression.RequestExpressions;
import io.kubra.apiserver.cel.BuiltinTypes;
import io.kubra.apiserver.cel.CelException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks a validating policy against the types of the kinds that its rules name. What it finds are
 * only warnings: a policy may be meant for kinds of different shapes.
 */
final class TypeChecking {
  /** More kinds are not checked. */
  private static final int MOST_KINDS = 10;

  private static final String PREFIX = "compilation failed: ";
  private final Catalogue catalogue;

  TypeChecking(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** The {@code status.typeChecking} of a policy. */
  Map<String, Object> check(Map<String, Object> policy) {
    Map<String, List<String>> byField = new LinkedHashMap<>();
    for (ResourceInfo resource : resources(policy)) {
      check(policy, resource, byField);
    }
    List<Object> warnings = new ArrayList<>();
    byField.forEach(
        (field, texts) -> {
          Map<String, Object> warning = new LinkedHashMap<>();
          warning.put("fieldRef", field);
          warning.put("warning", String.join("\n", texts));
          warnings.add(warning);
        });
    Map<String, Object> result = new LinkedHashMap<>();
    if (!warnings.isEmpty()) {
      result.put("expressionWarnings", warnings);
    }
    return result;
  }

  /** What the rules name without wildcards. */
  private Set<ResourceInfo> resources(Map<String, Object> policy) {
    Set<ResourceInfo> found = new LinkedHashSet<>();
    for (Map<String, Object> rule :
        Trees.maps(policy, "spec", "matchConstraints", "resourceRules")) {
      for (String group : Trees.strings(rule, "apiGroups")) {
        for (String version : Trees.strings(rule, "apiVersions")) {
          for (String name : Trees.strings(rule, "resources")) {
            ResourceInfo resource =
                catalogue.resource(new GroupVersionResource(group, version, name));
            if (resource != null && found.size() < MOST_KINDS) {
              found.add(resource);
            }
          }
        }
      }
    }
    return found;
  }

  private void check(
      Map<String, Object> policy, ResourceInfo resource, Map<String, List<String>> byField) {
    GroupVersionKind kind = resource.kind();
    RequestExpressions expressions =
        RequestExpressions.of(BuiltinTypes.of(resource.schema(), kind.kind()), paramsType(policy));
    for (Map<String, Object> variable : Trees.maps(policy, "spec", "variables")) {
      CelType type = SimpleType.DYN;
      try {
        type = expressions.compile(Trees.stringOr(variable, "", "expression")).type();
      } catch (CelException e) {
        // Shows where it is used.
      }
      expressions.variable(Trees.stringOr(variable, "", "name"), type);
    }
    List<Map<String, Object>> validations = Trees.maps(policy, "spec", "validations");
    for (int i = 0; i < validations.size(); i++) {
      for (String field : List.of("expression", "messageExpression")) {
        String text = Trees.stringOr(validations.get(i), "", field);
        if (!text.isBlank()) {
          try {
            expressions.compile(text);
          } catch (CelException e) {
            byField
                .computeIfAbsent("spec.validations[" + i + "]." + field, f -> new ArrayList<>())
                .add(
                    "%s, Kind=%s: %s"
                        .formatted(
                            kind.group() + "/" + kind.version(),
                            kind.kind(),
                            withoutPrefix(e.message())));
          }
        }
      }
    }
  }

  private static String withoutPrefix(String message) {
    return message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message;
  }

  private @Nullable CelType paramsType(Map<String, Object> policy) {
    GroupVersionKind kind = Definition.paramKind(policy);
    if (kind == null) {
      return null;
    }
    ResourceInfo resource = catalogue.byKind(kind);
    return resource == null ? SimpleType.DYN : BuiltinTypes.of(resource.schema(), kind.kind());
  }
}
