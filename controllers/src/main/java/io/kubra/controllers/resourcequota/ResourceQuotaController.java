package io.kubra.controllers.resourcequota;

import io.kubra.api.json.Json;
import io.kubra.api.quantity.Quantity;
import io.kubra.api.quota.PodResources;
import io.kubra.api.quota.QuotaScopes;
import io.kubra.api.quota.QuotaUsage;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.ResourceClient;
import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Pods;
import io.kubra.controllers.runtime.ServerResources;
import io.kubra.model.KubernetesObject;
import io.kubra.model.core.v1.PersistentVolumeClaim;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.ResourceQuota;
import io.kubra.model.core.v1.ResourceQuotaStatus;
import io.kubra.model.core.v1.Service;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Counts what the objects of a namespace use of its quotas: at once when a quota changes and when
 * pods, claims or services end or go, every few seconds where other objects are counted, and every
 * five minutes anyway. New objects are booked by the API server's admission.
 */
public final class ResourceQuotaController implements AutoCloseable {
  private static final String ACCOUNT = "resourcequota-controller";
  private static final Duration RECOUNT = Duration.ofMinutes(5);
  private static final Duration UNWATCHED = Duration.ofSeconds(5);

  // Longer than a write takes from its admission to the store.
  private static final Duration STORING = Duration.ofMillis(250);

  private final SharedInformer<ResourceQuota> quotas;
  private final ResourceClient<ResourceQuota> client;
  private final ApiClient api;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public ResourceQuotaController(ControllerContext context) {
    this.controller = context.controller("resourcequota_primary", 2, this::reconcile);
    this.quotas = context.informers().informer(ResourceQuota.RESOURCE);
    this.api = context.client(ACCOUNT);
    this.client = api.resource(ResourceQuota.RESOURCE);
    context.informers().informer(Pod.RESOURCE).addHandler(new Observer<>());
    context.informers().informer(PersistentVolumeClaim.RESOURCE).addHandler(new Observer<>());
    context.informers().informer(Service.RESOURCE).addHandler(new Observer<>());
    quotas.addHandler(new QuotaObserver());
    controller.needs(quotas).start();
  }

  /** Counts when limits change; the status is this controller's own, and admission's. */
  private final class QuotaObserver implements EventHandler<ResourceQuota> {
    @Override
    public void onAdd(ResourceQuota quota) {
      controller.enqueue(quota.key());
    }

    @Override
    public void onUpdate(ResourceQuota old, ResourceQuota quota) {
      if (!old.spec().equals(quota.spec())) {
        onAdd(quota);
      }
    }

    @Override
    public void onDelete(ResourceQuota quota) {
      onAdd(quota);
    }
  }

  /** Recounts when objects go or use less. */
  private final class Observer<T extends KubernetesObject> implements EventHandler<T> {
    @Override
    public void onAdd(T object) {}

    @Override
    public void onUpdate(T old, T object) {
      boolean changed =
          old instanceof Pod before && object instanceof Pod after
              ? Pods.finished(before) != Pods.finished(after)
              : !Objects.equals(old.metadata().generation(), object.metadata().generation())
                  || object instanceof Service;
      if (changed) {
        onDelete(object);
      }
    }

    @Override
    public void onDelete(T object) {
      quotas.list(object.metadata().namespace()).forEach(q -> controller.enqueue(q.key()));
    }
  }

  private Duration reconcile(String key) throws InterruptedException {
    // Read before counting: a booking in between makes the write conflict, and it is counted again.
    ResourceQuota quota = quotas.getByKey(key);
    if (quota == null) {
      return Duration.ZERO;
    }
    Map<String, String> used = new LinkedHashMap<>();
    boolean unwatched = count(quota, used);
    if (lowers(used, quota.status().used())) {
      // An object may be booked and not yet stored: it is by the second count, or the booking came
      // later and makes the write conflict.
      Thread.sleep(STORING.toMillis());
      used.clear();
      unwatched = count(quota, used);
    }
    ResourceQuotaStatus status =
        quota.status().toBuilder().hard(quota.spec().hard()).used(used).build();
    if (!same(status, quota.status())) {
      client.updateStatus(quota.withStatus(status));
    }
    return unwatched ? UNWATCHED : RECOUNT;
  }

  private static boolean lowers(Map<String, String> counted, Map<String, String> booked) {
    Map<String, Quantity> sums = quantities(counted);
    return quantities(booked).entrySet().stream()
        .anyMatch(e -> sums.getOrDefault(e.getKey(), Quantity.ZERO).compareTo(e.getValue()) < 0);
  }

  private static boolean same(ResourceQuotaStatus one, ResourceQuotaStatus other) {
    return quantities(one.hard()).equals(quantities(other.hard()))
        && quantities(one.used()).equals(quantities(other.used()));
  }

  private static Map<String, Quantity> quantities(Map<String, String> texts) {
    return PodResources.quantities(new LinkedHashMap<>(texts));
  }

  /** Counts into {@code used}; says whether resources are counted whose changes are not watched. */
  private boolean count(ResourceQuota quota, Map<String, String> used) {
    Map<String, Object> tree = Json.parseObject(quota.toJson());
    Map<String, Quantity> sums = new LinkedHashMap<>();
    quota.spec().hard().keySet().forEach(name -> sums.put(name, Quantity.ZERO));
    boolean unwatched = false;
    List<ServerResources.Resource> offered = null;
    for (String counted : resources(quota)) {
      String resource =
          counted.contains(".") ? counted.substring(0, counted.indexOf('.')) : counted;
      String group = counted.contains(".") ? counted.substring(counted.indexOf('.') + 1) : "";
      String path = "/api/v1/namespaces/" + quota.metadata().namespace() + "/" + resource;
      if (!group.isEmpty()) {
        offered = offered == null ? ServerResources.list(api) : offered;
        path =
            offered.stream()
                .filter(r -> r.group().equals(group) && r.name().equals(resource))
                .findFirst()
                .map(r -> r.path(quota.metadata().namespace()))
                .orElse("");
      }
      unwatched |= !List.of("pods", "services", "persistentvolumeclaims").contains(counted);
      if (path.isEmpty()) {
        continue;
      }
      for (Map<String, Object> object :
          Trees.maps(Json.parse(api.call(ApiRequest.get(path))), "items")) {
        if (QuotaScopes.covers(tree, group, resource, object)) {
          QuotaUsage.of(group, resource, object)
              .forEach((name, amount) -> sums.computeIfPresent(name, (n, sum) -> sum.add(amount)));
        }
      }
    }
    sums.forEach((name, amount) -> used.put(name, amount.toString()));
    return unwatched;
  }

  /** The resources that bear on the limits of a quota, as {@code name.group}. */
  private static TreeSet<String> resources(ResourceQuota quota) {
    TreeSet<String> resources = new TreeSet<>();
    for (String name : quota.spec().hard().keySet()) {
      if (name.startsWith("count/")) {
        resources.add(name.substring("count/".length()));
      } else if (name.startsWith("services")) {
        resources.add("services");
      } else if (name.endsWith("requests.storage") || name.endsWith("persistentvolumeclaims")) {
        resources.add("persistentvolumeclaims");
      } else if (List.of("configmaps", "secrets", "replicationcontrollers", "resourcequotas")
          .contains(name)) {
        resources.add(name);
      } else {
        resources.add("pods");
      }
    }
    return resources;
  }

  @Override
  public void close() {
    controller.close();
  }
}
