package io.kubra.apiserver.rbac;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.UserInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All bindings of one moment, by subject. Immutable, but for what it remembers about users. */
final class RbacSnapshot {
  private static final int REMEMBERED_USERS = 10_000;

  /** The grants of one user: everywhere, and in namespaces. */
  record Granted(Grant[] everywhere, Map<String, Grant[]> inNamespace, List<String> missingRoles) {
    private static final Grant[] NONE = {};

    Grant[] in(String namespace) {
      return inNamespace.getOrDefault(namespace, NONE);
    }
  }

  private record Identity(String name, List<String> groups) {}

  private record Bound(String namespace, Grant grant) {}

  private final Map<String, List<Bound>> bySubject = new HashMap<>();
  private final Map<String, List<String>> missingBySubject = new HashMap<>();
  private final Map<Identity, Granted> remembered = new ConcurrentHashMap<>();

  /** Builds the snapshot; roles are keyed by namespace/name, cluster roles by /name. */
  RbacSnapshot(Map<String, List<PolicyRule>> roles, Iterable<Map<String, Object>> bindings) {
    for (Map<String, Object> binding : bindings) {
      String namespace = Trees.stringOr(binding, "", "metadata", "namespace");
      String kind = Trees.stringOr(binding, "", "roleRef", "kind");
      String name = Trees.stringOr(binding, "", "roleRef", "name");
      String key = (kind.equals("ClusterRole") ? "" : namespace) + "/" + name;
      List<PolicyRule> rules = roles.get(key);
      for (Object subject : Trees.list(binding, "subjects")) {
        String subjectKey = subjectKey(subject, namespace);
        if (rules == null) {
          missingBySubject
              .computeIfAbsent(subjectKey, s -> new ArrayList<>(1))
              .add(
                  "%s.rbac.authorization.k8s.io \"%s\" not found"
                      .formatted(kind.toLowerCase(java.util.Locale.ROOT), name));
        } else {
          bySubject
              .computeIfAbsent(subjectKey, s -> new ArrayList<>(2))
              .add(new Bound(namespace, new Grant(rules, reason(binding, subject, namespace))));
        }
      }
    }
  }

  Granted grantedTo(UserInfo user) {
    Identity identity = new Identity(user.name(), user.groups());
    Granted granted = remembered.get(identity);
    if (granted == null) {
      granted = collect(user);
      if (remembered.size() > REMEMBERED_USERS) {
        remembered.clear();
      }
      remembered.put(identity, granted);
    }
    return granted;
  }

  private Granted collect(UserInfo user) {
    List<Grant> everywhere = new ArrayList<>();
    Map<String, List<Grant>> namespaced = new HashMap<>();
    List<String> missing = new ArrayList<>();
    List<String> subjects = new ArrayList<>();
    subjects.add("User:" + user.name());
    user.groups().forEach(group -> subjects.add("Group:" + group));
    for (String subject : subjects) {
      missing.addAll(missingBySubject.getOrDefault(subject, List.of()));
      for (Bound bound : bySubject.getOrDefault(subject, List.of())) {
        if (bound.namespace.isEmpty()) {
          everywhere.add(bound.grant);
        } else {
          namespaced.computeIfAbsent(bound.namespace, n -> new ArrayList<>(2)).add(bound.grant);
        }
      }
    }
    Map<String, Grant[]> inNamespace = new HashMap<>();
    namespaced.forEach((ns, grants) -> inNamespace.put(ns, grants.toArray(Grant[]::new)));
    return new Granted(everywhere.toArray(Grant[]::new), inNamespace, List.copyOf(missing));
  }

  private static String subjectKey(Object subject, String bindingNamespace) {
    String kind = Trees.stringOr(subject, "", "kind");
    String name = Trees.stringOr(subject, "", "name");
    if (kind.equals("ServiceAccount")) {
      String namespace = Trees.stringOr(subject, bindingNamespace, "namespace");
      return "User:system:serviceaccount:" + namespace + ":" + name;
    }
    return kind + ":" + name;
  }

  private static String reason(
      Map<String, Object> binding, Object subject, String bindingNamespace) {
    String name = Trees.stringOr(binding, "", "metadata", "name");
    String subjectName = Trees.stringOr(subject, "", "name");
    String subjectKind = Trees.stringOr(subject, "", "kind");
    if (subjectKind.equals("ServiceAccount")) {
      subjectName += "/" + Trees.stringOr(subject, bindingNamespace, "namespace");
    }
    boolean cluster = bindingNamespace.isEmpty();
    // Plain concatenation: there are hundreds of these, and formatting is slow in a cold process.
    return "RBAC: allowed by "
        + (cluster ? "ClusterRoleBinding" : "RoleBinding")
        + " \""
        + (cluster ? name : name + "/" + bindingNamespace)
        + "\" of "
        + Trees.stringOr(binding, "", "roleRef", "kind")
        + " \""
        + Trees.stringOr(binding, "", "roleRef", "name")
        + "\" to "
        + subjectKind
        + " \""
        + subjectName
        + "\"";
  }
}
