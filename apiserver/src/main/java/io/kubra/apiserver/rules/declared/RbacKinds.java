package io.kubra.apiserver.rules.declared;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRulesRegistry;
import io.kubra.apiserver.rules.NameFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Roles and their bindings. */
final class RbacKinds {
  private static final String GROUP = "rbac.authorization.k8s.io";

  private RbacKinds() {}

  static void register(KindRulesRegistry registry) {
    registry.register(GROUP, "roles", role(true));
    registry.register(GROUP, "clusterroles", role(false));
    registry.register(GROUP, "rolebindings", binding(List.of("Role", "ClusterRole")));
    registry.register(GROUP, "clusterrolebindings", binding(List.of("ClusterRole")));
  }

  private static DeclaredRules role(boolean namespaced) {
    return new DeclaredRules()
        .names(NameFormat.PATH_SEGMENT)
        .createOnUpdate()
        .check(object -> rules(object, namespaced));
  }

  private static List<FieldError> rules(Map<String, Object> object, boolean namespaced) {
    List<FieldError> errors = new ArrayList<>();
    List<Map<String, Object>> rules = Trees.maps(object, "rules");
    for (int i = 0; i < rules.size(); i++) {
      Map<String, Object> rule = rules.get(i);
      FieldPath path = FieldPath.of("rules").index(i);
      if (Trees.list(rule, "verbs").isEmpty()) {
        errors.add(
            FieldError.required(path.child("verbs"), "verbs must contain at least one value"));
      }
      if (!Trees.list(rule, "nonResourceURLs").isEmpty()) {
        if (namespaced) {
          errors.add(
              FieldError.invalid(
                  path.child("nonResourceURLs"),
                  Trees.list(rule, "nonResourceURLs"),
                  "namespaced rules cannot apply to non-resource URLs"));
        }
        if (!Trees.list(rule, "apiGroups").isEmpty() || !Trees.list(rule, "resources").isEmpty()) {
          errors.add(
              FieldError.invalid(
                  path.child("nonResourceURLs"),
                  Trees.list(rule, "nonResourceURLs"),
                  "rules cannot apply to both regular resources and non-resource URLs"));
        }
        continue;
      }
      if (Trees.list(rule, "apiGroups").isEmpty()) {
        errors.add(
            FieldError.required(
                path.child("apiGroups"), "resource rules must supply at least one api group"));
      }
      if (Trees.list(rule, "resources").isEmpty()) {
        errors.add(
            FieldError.required(
                path.child("resources"), "resource rules must supply at least one resource"));
      }
    }
    return errors;
  }

  private static DeclaredRules binding(List<String> kinds) {
    return new DeclaredRules()
        .names(NameFormat.PATH_SEGMENT)
        .createOnUpdate()
        .defaults(RbacKinds::bindingDefaults)
        .check(object -> bindingChecks(object, kinds))
        .check(RbacKinds::subjects)
        .immutable("roleRef");
  }

  private static void bindingDefaults(Map<String, Object> binding) {
    if (Trees.map(binding, "roleRef") != null
        && Trees.stringOr(binding, "", "roleRef", "apiGroup").isEmpty()) {
      Trees.set(binding, GROUP, "roleRef", "apiGroup");
    }
    for (Map<String, Object> subject : Trees.maps(binding, "subjects")) {
      String kind = Trees.stringOr(subject, "", "kind");
      boolean person = kind.equals("User") || kind.equals("Group");
      if (person && Trees.stringOr(subject, "", "apiGroup").isEmpty()) {
        subject.put("apiGroup", GROUP);
      }
    }
  }

  private static List<FieldError> bindingChecks(Map<String, Object> object, List<String> kinds) {
    List<FieldError> errors = new ArrayList<>();
    String group = Trees.stringOr(object, "", "roleRef", "apiGroup");
    if (!group.equals(GROUP)) {
      errors.add(FieldError.notSupported("roleRef.apiGroup", group, List.of(GROUP)));
    }
    String kind = Trees.stringOr(object, "", "roleRef", "kind");
    if (!kinds.contains(kind)) {
      errors.add(FieldError.notSupported("roleRef.kind", kind, kinds));
    }
    if (Trees.stringOr(object, "", "roleRef", "name").isEmpty()) {
      errors.add(FieldError.required("roleRef.name", ""));
    }
    return errors;
  }

  private static List<FieldError> subjects(Map<String, Object> object) {
    List<FieldError> errors = new ArrayList<>();
    List<Map<String, Object>> subjects = Trees.maps(object, "subjects");
    boolean namespaced = Trees.stringOr(object, "", "kind").equals("RoleBinding");
    for (int i = 0; i < subjects.size(); i++) {
      Map<String, Object> subject = subjects.get(i);
      FieldPath path = FieldPath.of("subjects").index(i);
      if (Trees.stringOr(subject, "", "name").isEmpty()) {
        errors.add(FieldError.required(path.child("name"), ""));
      }
      String kind = Trees.stringOr(subject, "", "kind");
      switch (kind) {
        case "ServiceAccount" -> {
          if (!namespaced && Trees.stringOr(subject, "", "namespace").isEmpty()) {
            errors.add(FieldError.required(path.child("namespace"), ""));
          }
        }
        case "User", "Group" -> {
          String group = Trees.stringOr(subject, "", "apiGroup");
          if (!group.equals(GROUP)) {
            errors.add(FieldError.notSupported(path.child("apiGroup"), group, List.of(GROUP)));
          }
        }
        default ->
            errors.add(
                FieldError.notSupported(
                    path.child("kind"), kind, List.of("ServiceAccount", "User", "Group")));
      }
    }
    return errors;
  }
}
