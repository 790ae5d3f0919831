package io.kubra.apiserver.aggregation;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersion;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.openapi.ForeignDocuments;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.GroupRegistry;
import io.kubra.apiserver.work.WorkLoop;
import io.kubra.metrics.MetricRegistry;
import io.kubra.transport.tls.KeyMaterial;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Follows the APIServices: makes the local ones, looks after the others, and passes on to them. */
public final class Aggregation implements AutoCloseable {
  static final GroupResource SERVICES = new GroupResource("apiregistration.k8s.io", "apiservices");
  private static final Duration CHECK = Duration.ofSeconds(30);
  private static final Duration RETRY = Duration.ofSeconds(2);

  /** Stands for all that this server serves itself; no APIService has such a name. */
  private static final String LOCAL = "local ones";

  private final ObjectAccess objects;
  private final GroupRegistry registry;
  private final Catalogue catalogue;
  private final LocalServices local;
  private final Conditions conditions;
  private final Supplier<KeyMaterial> key;
  private final ForeignDocuments documents;
  private final AvailabilityMetrics metrics;
  private final Map<String, Backend> backends = new ConcurrentHashMap<>();
  private final WorkLoop loop = new WorkLoop("API service", RETRY, this::reconcile);

  /**
   * @param key the front proxy's client certificate
   * @param documents gets what the other servers publish of themselves
   */
  public Aggregation(
      ObjectAccess objects,
      GroupRegistry registry,
      Catalogue catalogue,
      Supplier<KeyMaterial> key,
      ForeignDocuments documents,
      MetricRegistry metrics,
      Clock clock) {
    this.objects = objects;
    this.registry = registry;
    this.catalogue = catalogue;
    this.local = new LocalServices(objects, catalogue);
    this.conditions = new Conditions(objects, clock);
    this.key = key;
    this.documents = documents;
    this.metrics = new AvailabilityMetrics(metrics);
  }

  /** Begins to follow; returns at once. */
  public void start() {
    catalogue.onChange(() -> loop.add(LOCAL));
    loop.add(LOCAL);
    loop.start(() -> objects.onChange(SERVICES, this::changed));
  }

  private void changed(ChangeEvent event) {
    String name = Trees.stringOr(event.object(), "", "metadata", "name");
    if (event.type() == ChangeEvent.Type.DELETED) {
      withdraw(name);
      // a check that runs now may bring it back
      loop.add(name);
      metrics.forget(name);
      loop.add(LOCAL);
    } else {
      loop.add(name);
    }
  }

  private void withdraw(String name) {
    Backend gone = backends.remove(name);
    if (gone != null) {
      registry.withdraw(gone.version());
      documents.remove(gone.version());
      gone.close();
    }
  }

  private Duration reconcile(String name) {
    if (name.equals(LOCAL)) {
      local.complete();
      return Duration.ZERO;
    }
    Map<String, Object> tree = objects.get(SERVICES, "", name);
    if (tree == null) {
      withdraw(name);
      return Duration.ZERO;
    }
    if (Trees.map(tree, "spec", "service") == null) {
      conditions.set(tree, true, "Local", "Local APIServices are always available");
      metrics.checked(name, true, "Local");
      return Duration.ZERO;
    }
    Backend backend = backends.get(name);
    if (backend == null || !backend.serves(tree)) {
      if (backend != null) {
        backend.close();
      }
      backend = new Backend(tree, objects, key);
      backends.put(name, backend);
    }
    GroupVersion version = backend.version();
    if (Catalogue.builtin().hasGroupVersion(version)) {
      conditions.set(tree, false, "Conflict", version + " is served by this server");
      return CHECK;
    }
    Backend.Health health = backend.check();
    registry.serve(backend, backend.resources());
    backend.published().publish(documents);
    metrics.checked(name, health.available(), health.reason());
    conditions.set(tree, health.available(), health.reason(), health.message());
    return health.available() ? CHECK : RETRY;
  }

  @Override
  public void close() {
    loop.close();
    backends.values().forEach(Backend::close);
  }
}
