package io.kubra.apiserver.aggregation;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersion;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.openapi.ForeignDocuments;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.GroupRegistry;
import io.kubra.metrics.MetricRegistry;
import io.kubra.transport.tls.KeyMaterial;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the APIServices: makes the local ones, looks after the others, and passes on to them. */
public final class Aggregation implements AutoCloseable {
  static final GroupResource SERVICES = new GroupResource("apiregistration.k8s.io", "apiservices");
  private static final long CHECK_SECONDS = 30;
  private static final long RETRY_SECONDS = 2;
  private static final String LOCAL = "\0local";
  private static final Logger log = LoggerFactory.getLogger(Aggregation.class);

  private final ObjectAccess objects;
  private final GroupRegistry registry;
  private final Catalogue catalogue;
  private final LocalServices local;
  private final Conditions conditions;
  private final Supplier<KeyMaterial> key;
  private final ForeignDocuments documents;
  private final AvailabilityMetrics metrics;
  private final Map<String, Backend> backends = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<String> pending = new LinkedBlockingQueue<>();
  private @Nullable Thread worker;

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
    catalogue.onChange(() -> pending.add(LOCAL));
    pending.add(LOCAL);
    worker =
        Thread.ofVirtual()
            .name("aggregation")
            .start(
                () -> {
                  objects.onChange(SERVICES, this::changed);
                  work();
                });
  }

  private void changed(ChangeEvent event) {
    String name = Trees.stringOr(event.object(), "", "metadata", "name");
    if (event.type() == ChangeEvent.Type.DELETED) {
      Backend gone = backends.remove(name);
      if (gone != null) {
        registry.withdraw(gone.version());
        documents.remove(gone.version());
        gone.close();
      }
      metrics.forget(name);
      pending.add(LOCAL);
    } else {
      pending.add(name);
    }
  }

  private void work() {
    try {
      long next = System.nanoTime() + TimeUnit.SECONDS.toNanos(CHECK_SECONDS);
      while (true) {
        long wait = next - System.nanoTime();
        String name =
            backends.isEmpty() ? pending.take() : pending.poll(wait, TimeUnit.NANOSECONDS);
        if (name == null) {
          pending.addAll(backends.keySet());
          next = System.nanoTime() + TimeUnit.SECONDS.toNanos(CHECK_SECONDS);
          continue;
        }
        pending.removeIf(name::equals);
        try {
          if (name.equals(LOCAL)) {
            local.complete();
          } else {
            reconcile(name);
          }
        } catch (ApiException e) {
          if (e.code() != 404 && e.code() != 409) {
            log.warn("API service {}: {}", name.strip(), e.getMessage());
          }
          later(name);
        } catch (RuntimeException e) {
          log.error("API service {} cannot be worked on", name.strip(), e);
          later(name);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reconcile(String name) {
    Map<String, Object> tree = objects.get(SERVICES, "", name);
    if (tree == null) {
      return;
    }
    if (Trees.map(tree, "spec", "service") == null) {
      conditions.set(tree, true, "Local", "Local APIServices are always available");
      metrics.checked(name, true, "Local");
      return;
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
      return;
    }
    Backend.Health health = backend.check();
    registry.serve(backend, backend.resources());
    backend.published().publish(documents);
    metrics.checked(name, health.available(), health.reason());
    conditions.set(tree, health.available(), health.reason(), health.message());
    if (!health.available()) {
      later(name);
    }
  }

  private void later(String name) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                TimeUnit.SECONDS.sleep(RETRY_SECONDS);
                pending.add(name);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  @Override
  public void close() {
    Thread running = worker;
    if (running != null) {
      running.interrupt();
    }
    backends.values().forEach(Backend::close);
  }
}
