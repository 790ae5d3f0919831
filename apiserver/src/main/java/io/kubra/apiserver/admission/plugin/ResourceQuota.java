package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.quantity.Quantity;
import io.kubra.api.quota.PodResources;
import io.kubra.api.quota.QuotaScopes;
import io.kubra.api.quota.QuotaUsage;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.registry.ObjectAccess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps each namespace within its quotas. What an object adds is booked in the quota's status
 * before the object is stored; the quota controller corrects the books when a write fails after
 * all, and when objects go. Writes to one namespace are booked one after the other, and against
 * other API servers by the quota's resourceVersion.
 */
final class ResourceQuota implements AdmissionPlugin {
  private static final GroupResource QUOTAS = new GroupResource("", "resourcequotas");
  private static final int ATTEMPTS = 40;
  private static final long PAUSE_MILLIS = 50;

  private final ObjectAccess objects;
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  ResourceQuota(ObjectAccess objects) {
    this.objects = objects;
  }

  @Override
  public String name() {
    return "ResourceQuota";
  }

  @Override
  public void validate(AdmissionContext context) {
    Map<String, Object> object = context.object();
    boolean create = context.operation() == Operation.CREATE;
    if (object == null
        || context.namespace().isEmpty()
        || !context.subresource().isEmpty()
        || (!create && context.operation() != Operation.UPDATE)
        || context.resource().gvr().resource().equals("namespaces")
        || objects.list(QUOTAS, context.namespace()).isEmpty()) {
      return;
    }
    ReentrantLock lock = locks.computeIfAbsent(context.namespace(), n -> new ReentrantLock());
    lock.lock();
    try {
      for (Map<String, Object> quota : objects.list(QUOTAS, context.namespace())) {
        book(context, quota, object);
      }
    } finally {
      lock.unlock();
    }
  }

  private void book(
      AdmissionContext context, Map<String, Object> first, Map<String, Object> object) {
    String group = context.resource().gvr().group();
    String resource = context.resource().gvr().resource();
    if (!QuotaScopes.covers(first, group, resource, object)) {
      return;
    }
    Map<String, Quantity> hard = PodResources.quantities(Trees.map(first, "spec", "hard"));
    Map<String, Quantity> change = QuotaUsage.of(group, resource, object);
    change.keySet().retainAll(hard.keySet());
    if (context.operation() == Operation.CREATE && group.isEmpty() && resource.equals("pods")) {
      complete(context, first, hard, object);
    }
    Map<String, Object> old = context.oldObject();
    if (old != null) {
      QuotaUsage.of(group, resource, old)
          .forEach((n, amount) -> change.computeIfPresent(n, (k, now) -> now.subtract(amount)));
    }
    change.values().removeIf(amount -> amount.signum() <= 0);
    if (change.isEmpty()) {
      return;
    }
    String quotaName = Trees.stringOr(first, "", "metadata", "name");
    Map<String, Object> quota = first;
    for (int i = 0; i < ATTEMPTS && quota != null; i++) {
      if (booked(context, quota, change)) {
        return;
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      quota = objects.get(QUOTAS, context.namespace(), quotaName);
    }
    if (quota != null) {
      throw Refusal.forbidden(
          context,
          "status unknown for quota: %s, resources: %s"
              .formatted(quotaName, String.join(",", new TreeSet<>(change.keySet()))));
    }
  }

  /** Books a change; false if the quota is not yet counted, or was changed meanwhile. */
  private boolean booked(
      AdmissionContext context, Map<String, Object> quota, Map<String, Quantity> change) {
    Map<String, Quantity> hard = PodResources.quantities(Trees.map(quota, "status", "hard"));
    Map<String, Quantity> used = PodResources.quantities(Trees.map(quota, "status", "used"));
    if (!hard.keySet().containsAll(change.keySet())
        || !used.keySet().containsAll(change.keySet())) {
      return false;
    }
    Map<String, Object> booked = new LinkedHashMap<>();
    used.forEach((name, amount) -> booked.put(name, amount.toString()));
    Map<String, Quantity> over = new TreeMap<>();
    change.forEach(
        (name, amount) -> {
          Quantity sum = used.getOrDefault(name, Quantity.ZERO).add(amount);
          booked.put(name, sum.toString());
          if (sum.compareTo(hard.getOrDefault(name, Quantity.ZERO)) > 0) {
            over.put(name, amount);
          }
        });
    if (!over.isEmpty()) {
      throw Refusal.forbidden(
          context,
          "exceeded quota: %s, requested: %s, used: %s, limited: %s"
              .formatted(
                  Trees.stringOr(quota, "", "metadata", "name"),
                  text(over, over),
                  text(over, used),
                  text(over, hard)));
    }
    if (context.dryRun()) {
      return true;
    }
    Trees.set(quota, booked, "status", "used");
    try {
      objects.updateStatus(QUOTAS, quota);
      return true;
    } catch (ApiException e) {
      if (e.code() == 409) {
        return false;
      }
      throw e;
    }
  }

  private static String text(Map<String, Quantity> names, Map<String, Quantity> amounts) {
    List<String> parts = new ArrayList<>();
    for (String name : names.keySet()) {
      parts.add(name + "=" + amounts.getOrDefault(name, Quantity.ZERO));
    }
    return String.join(",", parts);
  }

  /** A pod must say how much it asks for of what the quota limits. */
  private static void complete(
      AdmissionContext context,
      Map<String, Object> quota,
      Map<String, Quantity> hard,
      Map<String, Object> pod) {
    Map<String, List<String>> missing = new TreeMap<>();
    for (String limited : hard.keySet()) {
      String field = limited.startsWith("limits.") ? "limits" : "requests";
      String resource = limited.replaceFirst("^(limits|requests)\\.", "");
      if (!List.of("cpu", "memory", "ephemeral-storage").contains(resource)
          || Trees.get(pod, "spec", "resources", field, resource) != null) {
        continue;
      }
      for (Map<String, Object> container : Pods.containers(pod)) {
        if (Trees.get(container, "resources", field, resource) == null) {
          missing
              .computeIfAbsent(limited, l -> new ArrayList<>())
              .add(Trees.stringOr(container, "", "name"));
        }
      }
    }
    if (!missing.isEmpty()) {
      List<String> parts = new ArrayList<>();
      missing.forEach(
          (name, containers) -> parts.add(name + " for: " + String.join(",", containers)));
      throw Refusal.forbidden(
          context,
          "failed quota: %s: must specify %s"
              .formatted(Trees.stringOr(quota, "", "metadata", "name"), String.join("; ", parts)));
    }
  }
}
