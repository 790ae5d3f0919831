package io.kubra.apiserver.aggregation;

import io.kubra.api.meta.GroupVersion;
import io.kubra.api.meta.VersionOrder;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.discovery.ServedGroup;
import io.kubra.apiserver.registry.ObjectAccess;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Makes the APIServices of the group versions that this server serves itself. */
final class LocalServices {
  private static final String MANAGED = "kube-aggregator.kubernetes.io/automanaged";
  private final ObjectAccess objects;
  private final Catalogue catalogue;

  LocalServices(ObjectAccess objects, Catalogue catalogue) {
    this.objects = objects;
    this.catalogue = catalogue;
  }

  /** Creates what is missing and deletes those of custom resources and parts that are gone. */
  void complete() {
    Set<String> wanted = new LinkedHashSet<>();
    for (ResourceInfo info : catalogue.offered()) {
      GroupVersion version = info.gvr().groupVersion();
      String name = version.version() + "." + version.group();
      if (wanted.add(name) && objects.get(Aggregation.SERVICES, "", name) == null) {
        create(name, version);
      }
    }
    for (Map<String, Object> service : objects.list(Aggregation.SERVICES, null)) {
      String name = Trees.stringOr(service, "", "metadata", "name");
      boolean ours = Trees.string(service, "metadata", "labels", MANAGED) != null;
      if (ours && !wanted.contains(name)) {
        objects.delete(Aggregation.SERVICES, "", name);
      }
    }
  }

  private void create(String name, GroupVersion version) {
    boolean builtin = Catalogue.builtin().hasGroupVersion(version);
    Map<String, Object> service = new LinkedHashMap<>();
    Trees.set(service, name, "metadata", "name");
    Trees.set(service, builtin ? "onstart" : "true", "metadata", "labels", MANAGED);
    Map<String, Object> spec = new LinkedHashMap<>();
    if (!version.group().isEmpty()) {
      spec.put("group", version.group());
    }
    spec.put("version", version.version());
    spec.put("groupPriorityMinimum", builtin ? priority(version.group()) : 1000L);
    spec.put("versionPriority", builtin ? versionPriority(version.version()) : 100L);
    service.put("spec", spec);
    try {
      objects.create(Aggregation.SERVICES, service);
    } catch (ApiException e) {
      if (!e.is("AlreadyExists")) {
        throw e;
      }
    }
  }

  /** Groups are preferred in this order, the core group before all others. */
  private static long priority(String group) {
    int at = ServedGroup.ORDER.indexOf(group);
    return group.isEmpty() ? 18000 : at < 0 ? 15000 : 17950 - 50L * at;
  }

  private static long versionPriority(String version) {
    return VersionOrder.INSTANCE.compare(version, "v2") <= 0 ? 30 : 15;
  }
}
