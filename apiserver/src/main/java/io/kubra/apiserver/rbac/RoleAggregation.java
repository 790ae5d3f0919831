package io.kubra.apiserver.rbac;

import io.kubra.api.selector.LabelSelector;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.PostStartHook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the rules of aggregated cluster roles from the roles that their selectors match, at start
 * and whenever a cluster role changes. One virtual thread does it after the start.
 */
public final class RoleAggregation implements PostStartHook, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RoleAggregation.class);
  private final Semaphore changed = new Semaphore(0);
  private volatile boolean closed;

  @Override
  public String name() {
    return "rbac/aggregate-cluster-roles";
  }

  @Override
  public void run(ObjectAccess objects) {
    aggregate(objects);
    objects.onChange(
        RbacAuthorizer.CLUSTER_ROLES,
        event -> {
          if (matters(event)) {
            changed.release();
          }
        });
    changed.drainPermits();
    Thread.ofVirtual().name("cluster-role-aggregation").start(() -> follow(objects));
  }

  @Override
  public void close() {
    closed = true;
    changed.release();
  }

  private void follow(ObjectAccess objects) {
    while (!closed) {
      changed.acquireUninterruptibly();
      changed.drainPermits();
      try {
        if (!closed) {
          aggregate(objects);
        }
      } catch (ApiException e) {
        LOG.warn("Cluster roles were not aggregated: {}", e.getMessage());
      }
    }
  }

  private static boolean matters(ChangeEvent event) {
    Map<String, Object> previous = event.previous();
    return event.type() != ChangeEvent.Type.MODIFIED
        || previous == null
        || !Trees.equal(orEmpty(previous.get("rules")), orEmpty(event.object().get("rules")))
        || !Trees.equal(
            orEmpty(Trees.get(previous, "metadata", "labels")),
            orEmpty(Trees.get(event.object(), "metadata", "labels")))
        || !Trees.equal(
            orEmpty(previous.get("aggregationRule")),
            orEmpty(event.object().get("aggregationRule")));
  }

  private static Object orEmpty(@org.jspecify.annotations.Nullable Object value) {
    return value == null ? "" : value;
  }

  /** Goes over all roles until nothing changes: aggregated roles can be parts of others. */
  private static void aggregate(ObjectAccess objects) {
    boolean changed = true;
    for (int round = 0; changed && round < 10; round++) {
      changed = false;
      List<Map<String, Object>> roles = objects.list(RbacAuthorizer.CLUSTER_ROLES, null);
      roles.sort(Comparator.comparing(role -> Trees.stringOr(role, "", "metadata", "name")));
      for (Map<String, Object> role : roles) {
        if (role.get("aggregationRule") != null) {
          changed |= fill(objects, role, roles);
        }
      }
    }
  }

  private static boolean fill(
      ObjectAccess objects, Map<String, Object> role, List<Map<String, Object>> roles) {
    List<Object> rules = new ArrayList<>();
    for (Map<String, Object> selectorTree :
        Trees.maps(role, "aggregationRule", "clusterRoleSelectors")) {
      LabelSelector selector = LabelSelector.fromTree(selectorTree);
      for (Map<String, Object> part : roles) {
        if (part != role && selector.matches(Trees.map(part, "metadata", "labels"))) {
          for (Object rule : Trees.list(part, "rules")) {
            if (rules.stream().noneMatch(each -> Trees.equal(each, rule))) {
              rules.add(rule);
            }
          }
        }
      }
    }
    if (Trees.equal(rules, Trees.list(role, "rules"))) {
      return false;
    }
    role.put("rules", rules);
    try {
      role.putAll(objects.update(RbacAuthorizer.CLUSTER_ROLES, role));
    } catch (ApiException e) {
      boolean goneOrChanged = e.code() == 404 || e.code() == 409;
      if (!goneOrChanged) {
        throw e;
      }
    }
    return true;
  }
}
