package io.kubra.apiserver.rbac;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.PostStartHook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes the built-in roles and bindings, and gives them back what they lost. What administrators
 * added to them stays, and so does everything about an object whose autoupdate annotation is false.
 */
public final class BootstrapRoles implements PostStartHook {
  private static final String NAME = "rbac/bootstrap-roles";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void run(ObjectAccess objects) {
    BootstrapPolicy policy = BootstrapPolicy.load();
    reconcile(objects, RbacAuthorizer.CLUSTER_ROLES, policy.clusterRoles());
    reconcile(objects, RbacAuthorizer.ROLES, policy.roles());
    reconcile(objects, RbacAuthorizer.CLUSTER_ROLE_BINDINGS, policy.clusterRoleBindings());
    reconcile(objects, RbacAuthorizer.ROLE_BINDINGS, policy.roleBindings());
  }

  private static void reconcile(
      ObjectAccess objects, GroupResource resource, List<Map<String, Object>> wanted) {
    for (Map<String, Object> object : wanted) {
      String namespace = Trees.stringOr(object, "", "metadata", "namespace");
      String name = Trees.stringOr(object, "", "metadata", "name");
      Map<String, Object> existing = objects.get(resource, namespace, name);
      try {
        if (existing == null) {
          objects.create(resource, object);
        } else if (!Trees.stringOr(
                existing, "", "metadata", "annotations", BootstrapPolicy.AUTOUPDATE)
            .equals("false")) {
          repair(objects, resource, object, existing);
        }
      } catch (ApiException e) {
        boolean anotherServerDidIt = e.code() == 409;
        if (!anotherServerDidIt) {
          throw e;
        }
      }
    }
  }

  private static void repair(
      ObjectAccess objects,
      GroupResource resource,
      Map<String, Object> wanted,
      Map<String, Object> existing) {
    if (wanted.containsKey("roleRef")
        && !Trees.equal(wanted.get("roleRef"), existing.get("roleRef"))) {
      objects.delete(
          resource,
          Trees.stringOr(wanted, "", "metadata", "namespace"),
          Trees.stringOr(wanted, "", "metadata", "name"));
      objects.create(resource, wanted);
      return;
    }
    boolean changed = addMissing(existing, wanted, "metadata", "labels");
    changed |= addMissing(existing, wanted, "metadata", "annotations");
    changed |= addMissingItems(existing, wanted, "subjects");
    if (wanted.containsKey("aggregationRule")) {
      if (!Trees.equal(wanted.get("aggregationRule"), existing.get("aggregationRule"))) {
        existing.put("aggregationRule", wanted.get("aggregationRule"));
        changed = true;
      }
    } else {
      changed |= addMissingRules(existing, wanted);
    }
    if (changed) {
      objects.update(resource, existing);
    }
  }

  private static boolean addMissing(
      Map<String, Object> existing, Map<String, Object> wanted, String... path) {
    Map<String, Object> source = Trees.map(wanted, path);
    Map<String, Object> target = Trees.ensureMap(existing, path);
    boolean changed = false;
    for (Map.Entry<String, Object> entry :
        source == null ? Map.<String, Object>of().entrySet() : source.entrySet()) {
      if (!entry.getValue().equals(target.get(entry.getKey()))) {
        target.put(entry.getKey(), entry.getValue());
        changed = true;
      }
    }
    return changed;
  }

  private static boolean addMissingItems(
      Map<String, Object> existing, Map<String, Object> wanted, String field) {
    List<Object> all = new ArrayList<>(Trees.list(existing, field));
    int before = all.size();
    for (Object item : Trees.list(wanted, field)) {
      if (all.stream().noneMatch(each -> Trees.equal(each, item))) {
        all.add(item);
      }
    }
    if (all.size() > before) {
      existing.put(field, all);
    }
    return all.size() > before;
  }

  private static boolean addMissingRules(Map<String, Object> existing, Map<String, Object> wanted) {
    if (Trees.equal(Trees.list(existing, "rules"), Trees.list(wanted, "rules"))) {
      return false;
    }
    List<PolicyRule> missing =
        RuleCoverage.missing(PolicyRule.listOf(existing), PolicyRule.listOf(wanted));
    if (!missing.isEmpty()) {
      List<Object> rules = new ArrayList<>(Trees.list(existing, "rules"));
      missing.forEach(rule -> rules.add(rule.toTree()));
      existing.put("rules", rules);
    }
    return !missing.isEmpty();
  }
}
