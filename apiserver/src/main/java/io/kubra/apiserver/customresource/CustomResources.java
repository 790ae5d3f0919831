package io.kubra.apiserver.customresource;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.storage.ServedResources;
import io.kubra.metrics.MetricRegistry;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the definitions: serves what they define and keeps their status. */
public final class CustomResources implements AutoCloseable {
  private static final GroupResource DEFINITIONS =
      new GroupResource("apiextensions.k8s.io", "customresourcedefinitions");
  private static final long RETRY_MILLIS = 1000;
  private static final Logger log = LoggerFactory.getLogger(CustomResources.class);

  private final ObjectAccess objects;
  private final Converters converters;
  private final Publication publication;
  private final DefinitionStatus status;
  private final Map<String, Definition> known = new ConcurrentHashMap<>();
  private final Map<String, List<Object>> published = new HashMap<>();
  private final LinkedBlockingQueue<String> pending = new LinkedBlockingQueue<>();
  private @Nullable Thread worker;

  public CustomResources(
      Catalogue catalogue,
      ServedResources resources,
      ObjectAccess objects,
      MetricRegistry metrics,
      Clock clock) {
    this.objects = objects;
    this.converters = new Converters(objects, metrics);
    this.publication = new Publication(catalogue, resources, converters);
    this.status = new DefinitionStatus(objects, clock);
  }

  /** Serves what is defined already, and from now on what is defined later. */
  public void start() {
    objects.onChange(DEFINITIONS, this::changed);
    worker = Thread.ofVirtual().name("custom-resources").start(this::work);
  }

  private synchronized void changed(ChangeEvent event) {
    Definition definition = new Definition(event.object());
    String name = definition.name();
    if (event.type() == ChangeEvent.Type.DELETED) {
      known.remove(name);
      if (published.remove(name) != null) {
        publication.withdraw(definition);
      }
      // a name may have become free
      pending.addAll(known.keySet());
      return;
    }
    known.put(name, definition);
    if (definition.established()) {
      List<Object> essence = definition.essence();
      if (!essence.equals(published.get(name))) {
        publication.publish(definition);
        published.put(name, essence);
      }
    }
    pending.add(name);
  }

  private void work() {
    try {
      while (true) {
        String name = pending.take();
        try {
          if (!reconcile(name)) {
            retry(name);
          }
        } catch (ApiException e) {
          if (e.code() != 404) {
            if (e.code() != 409) {
              log.warn("definition {}: {}", name, e.getMessage());
            }
            retry(name);
          }
        } catch (RuntimeException e) {
          log.error("definition {} cannot be worked on", name, e);
          retry(name);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean reconcile(String name) {
    Map<String, Object> tree = objects.get(DEFINITIONS, "", name);
    if (tree == null) {
      return true;
    }
    Definition definition = new Definition(tree);
    if (definition.terminating()) {
      return status.finish(definition);
    }
    status.decide(definition, known.values());
    return true;
  }

  private void retry(String name) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
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
    converters.close();
  }
}
