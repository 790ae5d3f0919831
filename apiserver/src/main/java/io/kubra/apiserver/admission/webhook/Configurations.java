package io.kubra.apiserver.admission.webhook;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All webhooks of one kind of configuration, in the order in which they are called. */
final class Configurations {
  private final GroupResource resource;
  private final ObjectReader objects;
  private final Runnable changed;
  private final Map<String, List<Webhook>> byName = new TreeMap<>();
  private volatile @Nullable List<Webhook> all;

  /**
   * @param resource of admissionregistration.k8s.io
   * @param changed called after each change
   */
  Configurations(String resource, ObjectReader objects, Runnable changed) {
    this.resource = new GroupResource("admissionregistration.k8s.io", resource);
    this.objects = objects;
    this.changed = changed;
  }

  List<Webhook> webhooks() {
    List<Webhook> known = all;
    return known == null ? begin() : known;
  }

  /** What is known by now, without beginning to follow. */
  List<Webhook> known() {
    List<Webhook> known = all;
    return known == null ? List.of() : known;
  }

  private synchronized List<Webhook> begin() {
    List<Webhook> known = all;
    if (known == null) {
      objects.onChange(resource, this::changed);
      known = collect();
    }
    return known;
  }

  private synchronized void changed(ChangeEvent event) {
    String name = Trees.stringOr(event.object(), "", "metadata", "name");
    switch (event.type()) {
      case ADDED, MODIFIED -> byName.put(name, Webhook.of(event.object()));
      case DELETED -> byName.remove(name);
    }
    if (all != null) {
      collect();
    }
    changed.run();
  }

  private List<Webhook> collect() {
    List<Webhook> next = new ArrayList<>();
    byName.values().forEach(next::addAll);
    all = List.copyOf(next);
    return next;
  }
}
