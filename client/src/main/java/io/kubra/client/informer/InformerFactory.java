package io.kubra.client.informer;

import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.model.KubernetesObject;
import io.kubra.model.ResourceType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Hands out one shared informer for each resource, so that parts of a process share a copy. */
public final class InformerFactory implements AutoCloseable {
  private final ApiClient client;
  private volatile @Nullable Path memory;
  private final Map<ResourceType<?>, SharedInformer<?>> informers = new ConcurrentHashMap<>();

  /** A factory whose informers follow all namespaces through the client. */
  public InformerFactory(ApiClient client) {
    this.client = client;
  }

  /** Lets the informers handed out from now on keep their objects in files of a folder, too. */
  public InformerFactory rememberIn(Path folder) {
    memory = folder;
    return this;
  }

  /** The client the informers read with. */
  public ApiClient client() {
    return client;
  }

  /** The informer of a resource over all namespaces; started by {@link #start}. */
  @SuppressWarnings("unchecked")
  public <T extends KubernetesObject> SharedInformer<T> informer(ResourceType<T> type) {
    return (SharedInformer<T>)
        informers.computeIfAbsent(
            type,
            t -> {
              SharedInformer<T> informer =
                  new SharedInformer<>(client.resource(type), "", ListOptions.ALL);
              Path folder = memory;
              return folder == null
                  ? informer
                  : informer.remember(folder.resolve(type + ".json"), UnaryOperator.identity());
            });
  }

  /** Starts every informer handed out so far that does not run yet. */
  public void start() {
    informers.values().forEach(SharedInformer::start);
  }

  /** Waits until all informers have their first list; false if one did not in time. */
  public boolean awaitSynced(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    for (SharedInformer<?> informer : informers.values()) {
      if (!informer.awaitSynced(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    informers.values().forEach(SharedInformer::close);
  }
}
