package io.kubra.apiserver.customresource;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.storage.ServedResources;
import io.kubra.apiserver.work.WorkLoop;
import io.kubra.metrics.MetricRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Follows the definitions: serves what they define and keeps their status. */
public final class CustomResources implements AutoCloseable {
  private static final GroupResource DEFINITIONS =
      new GroupResource("apiextensions.k8s.io", "customresourcedefinitions");
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final ObjectAccess objects;
  private final Converters converters;
  private final Publication publication;
  private final DefinitionStatus status;
  private final Map<String, Definition> known = new ConcurrentHashMap<>();
  private final Map<String, List<Object>> published = new HashMap<>();
  private final WorkLoop loop = new WorkLoop("definition", RETRY, this::reconcile);

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
    loop.start();
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
      loop.addAll(known.keySet());
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
    loop.add(name);
  }

  private Duration reconcile(String name) {
    Map<String, Object> tree = objects.get(DEFINITIONS, "", name);
    if (tree == null) {
      return Duration.ZERO;
    }
    Definition definition = new Definition(tree);
    if (definition.terminating()) {
      return status.finish(definition) ? Duration.ZERO : RETRY;
    }
    status.decide(definition, known.values());
    return Duration.ZERO;
  }

  @Override
  public void close() {
    loop.close();
  }
}
