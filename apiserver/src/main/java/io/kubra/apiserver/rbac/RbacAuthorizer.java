package io.kubra.apiserver.rbac;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.Decision;
import io.kubra.apiserver.auth.RequestAttributes;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides by roles and bindings. Change events only replace entries and count; the snapshot that
 * requests are decided by is rebuilt by the first request after a change.
 */
public final class RbacAuthorizer implements Authorizer {
  /** The API group of roles and bindings. */
  public static final String GROUP = "rbac.authorization.k8s.io";

  static final GroupResource ROLES = new GroupResource(GROUP, "roles");
  static final GroupResource ROLE_BINDINGS = new GroupResource(GROUP, "rolebindings");
  static final GroupResource CLUSTER_ROLES = new GroupResource(GROUP, "clusterroles");
  static final GroupResource CLUSTER_ROLE_BINDINGS =
      new GroupResource(GROUP, "clusterrolebindings");

  private record Versioned(long changes, RbacSnapshot snapshot) {}

  private final Map<String, List<PolicyRule>> roles = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Object>> bindings = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();
  private volatile @Nullable Versioned current;

  /** Follows the roles and bindings of a cluster from now on. */
  public RbacAuthorizer(ObjectReader objects) {
    objects.onChange(CLUSTER_ROLES, this::roleChanged);
    objects.onChange(ROLES, this::roleChanged);
    objects.onChange(CLUSTER_ROLE_BINDINGS, this::bindingChanged);
    objects.onChange(ROLE_BINDINGS, this::bindingChanged);
  }

  @Override
  public Decision authorize(RequestAttributes asked) {
    RbacSnapshot.Granted granted = snapshot().grantedTo(asked.user());
    for (Grant grant : granted.everywhere()) {
      if (grant.allows(asked)) {
        return grant.decision();
      }
    }
    if (!asked.namespace().isEmpty()) {
      for (Grant grant : granted.in(asked.namespace())) {
        if (grant.allows(asked)) {
          return grant.decision();
        }
      }
    }
    return granted.missingRoles().isEmpty()
        ? Decision.NO_OPINION
        : new Decision(
            Decision.Verdict.NO_OPINION,
            "RBAC: "
                + (granted.missingRoles().size() == 1
                    ? granted.missingRoles().getFirst()
                    : granted.missingRoles()));
  }

  /** All rules that apply to the user in the namespace; empty for cluster-wide ones only. */
  public List<PolicyRule> rulesFor(UserInfo user, String namespace) {
    RbacSnapshot.Granted granted = snapshot().grantedTo(user);
    List<PolicyRule> rules = new ArrayList<>();
    for (Grant grant : granted.everywhere()) {
      rules.addAll(grant.rules());
    }
    if (!namespace.isEmpty()) {
      for (Grant grant : granted.in(namespace)) {
        rules.addAll(grant.rules());
      }
    }
    return rules;
  }

  /** The rules of a role (of a cluster role if the namespace is empty); null if there is none. */
  @Nullable List<PolicyRule> rulesOfRole(String namespace, String name) {
    return roles.get(namespace + "/" + name);
  }

  private RbacSnapshot snapshot() {
    Versioned versioned = current;
    return versioned != null && versioned.changes == changes.get() ? versioned.snapshot : rebuild();
  }

  private synchronized RbacSnapshot rebuild() {
    long now = changes.get();
    Versioned versioned = current;
    if (versioned == null || versioned.changes != now) {
      versioned = new Versioned(now, new RbacSnapshot(roles, bindings.values()));
      current = versioned;
    }
    return versioned.snapshot;
  }

  private void roleChanged(ChangeEvent event) {
    if (event.type() == ChangeEvent.Type.DELETED) {
      roles.remove(key(event.object()));
    } else {
      roles.put(key(event.object()), PolicyRule.listOf(event.object()));
    }
    changes.incrementAndGet();
  }

  private void bindingChanged(ChangeEvent event) {
    if (event.type() == ChangeEvent.Type.DELETED) {
      bindings.remove(key(event.object()));
    } else {
      bindings.put(key(event.object()), event.object());
    }
    changes.incrementAndGet();
  }

  private static String key(Map<String, Object> object) {
    return Trees.stringOr(object, "", "metadata", "namespace")
        + "/"
        + Trees.stringOr(object, "", "metadata", "name");
  }
}
