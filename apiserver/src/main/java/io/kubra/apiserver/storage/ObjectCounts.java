package io.kubra.apiserver.storage;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.apiserver.cache.StoreFeed;
import io.kubra.metrics.MetricSource;
import io.kubra.metrics.MetricText;
import io.kubra.metrics.MetricType;
import io.kubra.store.Store;
import java.util.Map;
import java.util.TreeMap;

/** How many objects of each resource are stored, under upstream's present and earlier name. */
public final class ObjectCounts implements MetricSource {
  private final ServedResources resources;
  private final Store store;

  /** Counts in the store itself, so that no cache is filled only to be counted. */
  public ObjectCounts(ServedResources resources, Store store) {
    this.resources = resources;
    this.store = store;
  }

  @Override
  public void write(MetricText out) {
    Map<GroupResource, Long> counts = new TreeMap<>(java.util.Comparator.comparing(this::name));
    for (ResourceInfo info : resources.catalogue().offered()) {
      ServedResource r = info.supports("create") ? resources.storageOf(info.groupResource()) : null;
      if (r != null && info.supports("list")) {
        String prefix = r.keyPrefix("");
        counts.computeIfAbsent(
            info.groupResource(), g -> store.count(prefix, StoreFeed.endOf(prefix)));
      }
    }
    out.family(
        "apiserver_resource_objects",
        MetricType.GAUGE,
        "Number of stored objects at the time of last check split by kind.");
    counts.forEach((r, n) -> out.sample(n, "group", r.group(), "resource", r.resource()));
    out.family(
        "apiserver_storage_objects",
        MetricType.GAUGE,
        "Number of stored objects at the time of last check split by kind.");
    counts.forEach((r, n) -> out.sample(n, "resource", name(r)));
  }

  private String name(GroupResource r) {
    return r.group().isEmpty() ? r.resource() : r.resource() + "." + r.group();
  }
}
