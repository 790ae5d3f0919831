package io.kubra.controllers.namespace;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.ResourceClient;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.ServerResources;
import io.kubra.model.core.v1.Namespace;
import io.kubra.model.core.v1.NamespaceCondition;
import io.kubra.model.core.v1.NamespaceSpec;
import io.kubra.model.meta.v1.DeleteOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Deletes whatever a terminating namespace holds, of every resource the server offers, says in
 * conditions what keeps it, and lets it go once it is empty.
 */
public final class NamespaceController implements AutoCloseable {
  private static final String ACCOUNT = "namespace-controller";
  private static final String FINALIZER = "kubernetes";

  private final ApiClient api;
  private final ResourceClient<Namespace> client;
  private final SharedInformer<Namespace> namespaces;
  private final InstantSource clock;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public NamespaceController(ControllerContext context) {
    this.api = context.client(ACCOUNT);
    this.client = api.resource(Namespace.RESOURCE);
    this.namespaces = context.informers().informer(Namespace.RESOURCE);
    this.clock = context.clock();
    this.controller = context.controller("namespace", 5, this::reconcile);
    controller.watch(namespaces).start();
  }

  private Duration reconcile(String name) {
    Namespace known = namespaces.get("", name);
    if (known == null || known.metadata().deletionTimestamp() == null) {
      return Duration.ZERO;
    }
    Namespace namespace = client.find("", name).orElse(null);
    if (namespace == null || !namespace.spec().finalizers().contains(FINALIZER)) {
      return Duration.ZERO;
    }
    Remains remains = deleteContent(name);
    writeConditions(namespace, remains);
    if (!remains.empty()) {
      // What is left usually waits for its pods' grace period.
      return Duration.ofSeconds(remains.finalizers.isEmpty() && remains.errors.isEmpty() ? 1 : 5);
    }
    Namespace latest = client.get("", name);
    NamespaceSpec spec =
        latest.spec().toBuilder()
            .finalizers(
                latest.spec().finalizers().stream().filter(f -> !f.equals(FINALIZER)).toList())
            .build();
    client.updateSubresource(latest.withSpec(spec), "finalize");
    return Duration.ZERO;
  }

  /** What could not be deleted yet, and why. */
  private static final class Remains {
    final Map<String, Integer> counts = new TreeMap<>();
    final Map<String, Integer> finalizers = new TreeMap<>();
    final List<String> errors = new ArrayList<>();
    String discoveryError = "";

    boolean empty() {
      return counts.isEmpty() && errors.isEmpty() && discoveryError.isEmpty();
    }
  }

  private Remains deleteContent(String namespace) {
    Remains remains = new Remains();
    List<ServerResources.Resource> resources;
    try {
      resources = ServerResources.list(api);
    } catch (ApiException e) {
      remains.discoveryError = String.valueOf(e.getMessage());
      return remains;
    }
    for (ServerResources.Resource resource : resources) {
      if (!resource.namespaced() || !resource.has("delete") || !resource.has("list")) {
        continue;
      }
      String path = resource.path(namespace);
      try {
        if (items(path).isEmpty()) {
          continue;
        }
        if (resource.has("deletecollection")) {
          api.call(
              ApiRequest.of("DELETE", path, "application/json", DeleteOptions.empty().toJson()));
        }
        count(remains, resource, items(path));
      } catch (ApiException e) {
        if (e.code() != 404 && e.code() != 405) {
          remains.errors.add(resource.name() + ": " + e.getMessage());
        }
      }
    }
    return remains;
  }

  private List<Object> items(String path) {
    return Trees.list(Json.parse(api.call(ApiRequest.get(path))), "items");
  }

  private static void count(
      Remains remains, ServerResources.Resource resource, List<Object> items) {
    if (items.isEmpty()) {
      return;
    }
    String name =
        resource.group().isEmpty()
            ? resource.name() + "."
            : resource.name() + "." + resource.group();
    remains.counts.put(name, items.size());
    for (Object item : items) {
      for (Object finalizer : Trees.list(item, "metadata", "finalizers")) {
        remains.finalizers.merge(String.valueOf(finalizer), 1, Integer::sum);
      }
    }
  }

  private void writeConditions(Namespace namespace, Remains remains) {
    List<NamespaceCondition> conditions = new ArrayList<>();
    add(
        conditions,
        namespace,
        "NamespaceDeletionDiscoveryFailure",
        !remains.discoveryError.isEmpty(),
        "DiscoveryFailed",
        "ResourcesDiscovered",
        remains.discoveryError.isEmpty()
            ? "All resources successfully discovered"
            : "Discovery failed for some groups: " + remains.discoveryError);
    add(
        conditions,
        namespace,
        "NamespaceDeletionGroupVersionParsingFailure",
        false,
        "GroupVersionParsingFailed",
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed");
    add(
        conditions,
        namespace,
        "NamespaceDeletionContentFailure",
        !remains.errors.isEmpty(),
        "ContentDeletionFailed",
        "ContentDeleted",
        remains.errors.isEmpty()
            ? "All content successfully deleted, may be waiting on finalization"
            : "Failed to delete all resource types, %d remaining: %s"
                .formatted(remains.errors.size(), String.join(", ", remains.errors)));
    List<String> counts = new ArrayList<>();
    remains.counts.forEach((r, n) -> counts.add(r + " has " + n + " resource instances"));
    add(
        conditions,
        namespace,
        "NamespaceContentRemaining",
        !counts.isEmpty(),
        "SomeResourcesRemain",
        "ContentRemoved",
        counts.isEmpty()
            ? "All content successfully removed"
            : "Some resources are remaining: " + String.join(", ", counts));
    List<String> finalizers = new ArrayList<>();
    remains.finalizers.forEach((f, n) -> finalizers.add(f + " in " + n + " resource instances"));
    add(
        conditions,
        namespace,
        "NamespaceFinalizersRemaining",
        !finalizers.isEmpty(),
        "SomeFinalizersRemain",
        "ContentHasNoFinalizers",
        finalizers.isEmpty()
            ? "All content-preserving finalizers finished"
            : "Some content in the namespace has finalizers remaining: "
                + String.join(", ", finalizers));
    if (!conditions.equals(namespace.status().conditions())) {
      client.updateStatus(
          namespace.withStatus(namespace.status().toBuilder().conditions(conditions).build()));
    }
  }

  private void add(
      List<NamespaceCondition> conditions,
      Namespace namespace,
      String type,
      boolean holds,
      String reasonTrue,
      String reasonFalse,
      String message) {
    String status = holds ? "True" : "False";
    NamespaceCondition known =
        namespace.status().conditions().stream()
            .filter(c -> c.type().equals(type))
            .findFirst()
            .orElse(null);
    boolean same = known != null && known.status().equals(status);
    conditions.add(
        NamespaceCondition.builder()
            .type(type)
            .status(status)
            .reason(holds ? reasonTrue : reasonFalse)
            .message(message)
            .lastTransitionTime(
                same && known != null ? known.lastTransitionTime() : clock.instant())
            .build());
  }

  @Override
  public void close() {
    controller.close();
  }
}
