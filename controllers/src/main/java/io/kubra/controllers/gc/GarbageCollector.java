package io.kubra.controllers.gc;

import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.gc.OwnerGraph.Vertex;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.MetadataObject;
import io.kubra.controllers.runtime.ServerResources;
import io.kubra.model.ResourceType;
import io.kubra.model.meta.v1.DeleteOptions;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.meta.v1.OwnerReference;
import io.kubra.model.meta.v1.Preconditions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes objects whose owners are all gone, and carries out what the finalizers {@code
 * foregroundDeletion} and {@code orphan} stand for. It follows the metadata of every resource that
 * can be listed, watched and deleted, and looks for new resources when a definition or an API
 * service changes, and every 30 seconds.
 */
public final class GarbageCollector implements AutoCloseable {
  private static final String ACCOUNT = "generic-garbage-collector";
  private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);
  private static final String FOREGROUND = "foregroundDeletion";
  private static final String ORPHAN = "orphan";
  private static final Duration REDISCOVER = Duration.ofSeconds(30);
  private static final String DISCOVERY = "\0discovery";
  private static final Duration SETTLE = Duration.ofMillis(200);
  // What makes resources appear and go.
  private static final Set<String> DEFINING = Set.of("customresourcedefinitions", "apiservices");
  // Their objects are many, short-lived and never owners.
  private static final Set<String> IGNORED = Set.of("events");

  private final ApiClient api;
  private final OwnerGraph graph = new OwnerGraph();
  private final Map<ResourceType<MetadataObject>, SharedInformer<MetadataObject>> sources =
      new ConcurrentHashMap<>();
  private final Map<String, ResourceType<MetadataObject>> byKind = new ConcurrentHashMap<>();
  private final Controller controller;

  /** Starts the collector. */
  public GarbageCollector(ControllerContext context) {
    this.api = context.client(ACCOUNT);
    this.controller =
        context.controller("garbage_collector_attempt_to_delete", 10, this::reconcile);
    controller.start();
    controller.enqueue(DISCOVERY);
  }

  /** Looks for resources again soon; several changes are one reason. */
  private final class Rediscovery implements EventHandler<MetadataObject> {
    @Override
    public void onAdd(MetadataObject object) {
      controller.enqueueAfter(DISCOVERY, SETTLE);
    }

    @Override
    public void onUpdate(MetadataObject old, MetadataObject object) {
      onAdd(object);
    }

    @Override
    public void onDelete(MetadataObject object) {
      onAdd(object);
    }
  }

  private Duration reconcile(String key) throws InterruptedException {
    if (key.equals(DISCOVERY)) {
      discover();
      return REDISCOVER;
    }
    Vertex vertex = graph.get(key);
    if (vertex != null) {
      return process(vertex);
    }
    return Duration.ZERO;
  }

  private void discover() throws InterruptedException {
    Set<ResourceType<MetadataObject>> present = new HashSet<>();
    for (ServerResources.Resource resource : ServerResources.list(api)) {
      boolean collectable = resource.has("list") && resource.has("watch") && resource.has("delete");
      if (!collectable || IGNORED.contains(resource.name())) {
        continue;
      }
      String apiVersion =
          resource.group().isEmpty()
              ? resource.version()
              : resource.group() + "/" + resource.version();
      ResourceType<MetadataObject> type =
          byKind.computeIfAbsent(
              apiVersion + "/" + resource.kind(), k -> MetadataObject.type(resource));
      present.add(type);
      sources.computeIfAbsent(type, this::follow);
    }
    sources.forEach(
        (type, informer) -> {
          if (!present.contains(type)) {
            byKind.values().remove(type);
            sources.remove(type);
            informer.close();
          }
        });
    for (SharedInformer<MetadataObject> informer : sources.values()) {
      informer.awaitSynced(Duration.ofSeconds(30));
    }
  }

  private SharedInformer<MetadataObject> follow(ResourceType<MetadataObject> type) {
    SharedInformer<MetadataObject> informer =
        new SharedInformer<>(api.resource(type), "", ListOptions.ALL);
    if (DEFINING.contains(type.plural())) {
      informer.addHandler(new Rediscovery());
    }
    informer.addHandler(
        new EventHandler<>() {
          @Override
          public void onAdd(MetadataObject object) {
            changed(new Vertex(type, object));
          }

          @Override
          public void onUpdate(MetadataObject old, MetadataObject object) {
            if (!old.metadata().uid().equals(object.metadata().uid())) {
              onDelete(old);
            }
            changed(new Vertex(type, object));
          }

          @Override
          public void onDelete(MetadataObject object) {
            String uid = object.metadata().uid();
            List<Vertex> dependents = graph.dependentsOf(uid);
            graph.remove(uid);
            dependents.forEach(d -> controller.enqueue(d.uid()));
            wakeOwners(object);
          }
        });
    informer.start();
    return informer;
  }

  private void changed(Vertex vertex) {
    graph.put(vertex);
    boolean owned = !vertex.object().metadata().ownerReferences().isEmpty();
    if (owned || vertex.deleting()) {
      controller.enqueue(vertex.uid());
    }
    if (vertex.deleting()) {
      wakeOwners(vertex.object());
    }
  }

  /** Owners that wait for their dependents look again. */
  private void wakeOwners(MetadataObject object) {
    for (OwnerReference owner : object.metadata().ownerReferences()) {
      Vertex vertex = graph.get(owner.uid());
      if (vertex != null && vertex.deleting()) {
        controller.enqueue(vertex.uid());
      }
    }
  }

  private Duration process(Vertex vertex) {
    if (vertex.deleting()) {
      if (vertex.has(ORPHAN)) {
        orphan(vertex);
        return Duration.ZERO;
      }
      if (vertex.has(FOREGROUND)) {
        return foreground(vertex);
      }
      return Duration.ZERO;
    }
    collect(vertex);
    return Duration.ZERO;
  }

  /** Cuts the dependents loose, then lets the owner go. */
  private void orphan(Vertex owner) {
    for (Vertex dependent : graph.dependentsOf(owner.uid())) {
      dropOwners(dependent, Set.of(owner.uid()));
    }
    dropFinalizer(owner, ORPHAN);
  }

  /** Deletes dependents and lets the owner go once none that blocks it is left. */
  private Duration foreground(Vertex owner) {
    boolean blocked = false;
    for (Vertex dependent : graph.dependentsOf(owner.uid())) {
      boolean blocks =
          dependent.object().metadata().ownerReferences().stream()
              .anyMatch(
                  r -> r.uid().equals(owner.uid()) && Boolean.TRUE.equals(r.blockOwnerDeletion()));
      blocked |= blocks;
      if (!dependent.deleting()) {
        controller.enqueue(dependent.uid());
      }
    }
    if (!blocked) {
      dropFinalizer(owner, FOREGROUND);
    }
    return Duration.ZERO;
  }

  /** Looks at the owners of an object that is not being deleted. */
  private void collect(Vertex vertex) {
    MetadataObject live = live(vertex);
    if (live == null) {
      graph.remove(vertex.uid());
      return;
    }
    List<OwnerReference> references = live.metadata().ownerReferences();
    if (references.isEmpty()) {
      return;
    }
    boolean solid = false;
    Set<String> dangling = new HashSet<>();
    Set<String> waiting = new HashSet<>();
    for (OwnerReference reference : references) {
      Vertex owner = graph.get(reference.uid());
      if (owner == null) {
        if (ownerExists(vertex, reference)) {
          solid = true;
        } else {
          dangling.add(reference.uid());
        }
      } else if (owner.deleting() && owner.has(FOREGROUND)) {
        waiting.add(reference.uid());
      } else {
        solid = true;
      }
    }
    if (solid) {
      Set<String> drop = new HashSet<>(dangling);
      drop.addAll(waiting);
      if (!drop.isEmpty()) {
        dropOwners(vertex, drop);
      }
      return;
    }
    boolean hasDependents = !graph.dependentsOf(vertex.uid()).isEmpty();
    String policy;
    if (live.metadata().finalizers().contains(ORPHAN)) {
      policy = "Orphan";
    } else if (live.metadata().finalizers().contains(FOREGROUND)
        || (!waiting.isEmpty() && hasDependents)) {
      policy = "Foreground";
    } else {
      policy = "Background";
    }
    delete(vertex, live, policy);
  }

  private void delete(Vertex vertex, MetadataObject live, String policy) {
    LOG.debug("deleting {} {} ({})", vertex.type(), live.key(), policy);
    try {
      client(vertex)
          .delete(
              live.metadata().namespace(),
              live.metadata().name(),
              DeleteOptions.builder()
                  .propagationPolicy(policy)
                  .preconditions(
                      Preconditions.builder()
                          .uid(live.metadata().uid())
                          .resourceVersion(live.metadata().resourceVersion())
                          .build())
                  .build());
    } catch (ApiException e) {
      if (e.code() != 404) {
        throw e;
      }
    }
  }

  private @org.jspecify.annotations.Nullable MetadataObject live(Vertex vertex) {
    ObjectMeta m = vertex.object().metadata();
    return client(vertex)
        .find(m.namespace(), m.name())
        .filter(found -> found.metadata().uid().equals(vertex.uid()))
        .orElse(null);
  }

  /** Asks the server about an owner that the graph does not hold. */
  private boolean ownerExists(Vertex dependent, OwnerReference reference) {
    ResourceType<MetadataObject> type = byKind.get(reference.apiVersion() + "/" + reference.kind());
    if (type == null) {
      // An unknown kind may be served by a version we do not follow, or again tomorrow: keep.
      return typeByGroup(reference) == null
          || existsAs(typeByGroup(reference), dependent, reference);
    }
    return existsAs(type, dependent, reference);
  }

  private @org.jspecify.annotations.Nullable ResourceType<MetadataObject> typeByGroup(
      OwnerReference reference) {
    String version = reference.apiVersion();
    String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    for (ResourceType<MetadataObject> type : sources.keySet()) {
      if (type.group().equals(group) && type.kind().equals(reference.kind())) {
        return type;
      }
    }
    return null;
  }

  private boolean existsAs(
      @org.jspecify.annotations.Nullable ResourceType<MetadataObject> type,
      Vertex dependent,
      OwnerReference reference) {
    if (type == null) {
      return true;
    }
    String namespace = type.namespaced() ? dependent.object().metadata().namespace() : "";
    if (type.namespaced() && namespace.isEmpty()) {
      // A cluster-scoped object cannot have a namespaced owner.
      return false;
    }
    return api.resource(type)
        .find(namespace, reference.name())
        .filter(owner -> owner.metadata().uid().equals(reference.uid()))
        .isPresent();
  }

  private ResourceClient<MetadataObject> client(Vertex vertex) {
    return api.resource(vertex.type());
  }

  private void dropOwners(Vertex vertex, Set<String> owners) {
    MetadataObject live = live(vertex);
    if (live == null) {
      return;
    }
    List<OwnerReference> keep = new ArrayList<>();
    for (OwnerReference reference : live.metadata().ownerReferences()) {
      if (!owners.contains(reference.uid())) {
        keep.add(reference);
      }
    }
    if (keep.size() < live.metadata().ownerReferences().size()) {
      patch(
          vertex,
          ObjectMeta.builder()
              .uid(live.metadata().uid())
              .resourceVersion(live.metadata().resourceVersion())
              .ownerReferences(keep)
              .build(),
          "ownerReferences",
          keep.isEmpty());
    }
  }

  private void dropFinalizer(Vertex vertex, String finalizer) {
    MetadataObject live = live(vertex);
    if (live == null || !live.metadata().finalizers().contains(finalizer)) {
      return;
    }
    List<String> keep =
        live.metadata().finalizers().stream().filter(f -> !f.equals(finalizer)).toList();
    patch(
        vertex,
        ObjectMeta.builder()
            .uid(live.metadata().uid())
            .resourceVersion(live.metadata().resourceVersion())
            .finalizers(keep)
            .build(),
        "finalizers",
        keep.isEmpty());
  }

  /**
   * A merge patch of one list; the resourceVersion in it makes it fail if anything else changed.
   */
  private void patch(Vertex vertex, ObjectMeta change, String field, boolean empty) {
    String metadata = new String(change.toJson(), StandardCharsets.UTF_8);
    if (empty) {
      metadata = metadata.substring(0, metadata.length() - 1) + ",\"" + field + "\":null}";
    }
    ObjectMeta m = vertex.object().metadata();
    client(vertex)
        .patch(
            m.namespace(),
            m.name(),
            PatchType.MERGE,
            ("{\"metadata\":" + metadata + "}").getBytes(StandardCharsets.UTF_8),
            null);
  }

  @Override
  public void close() {
    controller.close();
    sources.values().forEach(SharedInformer::close);
  }
}
