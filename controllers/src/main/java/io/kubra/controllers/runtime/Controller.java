package io.kubra.controllers.runtime;

import io.kubra.api.status.ApiException;
import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.workqueue.WorkQueue;
import io.kubra.client.workqueue.WorkQueueMetrics;
import io.kubra.metrics.MetricRegistry;
import io.kubra.model.KubernetesObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A queue of keys and the workers that reconcile them, one virtual thread each. */
public final class Controller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

  private final String name;
  private final int workers;
  private final Reconciler reconciler;
  private final WorkQueue<String> queue;
  private final List<SharedInformer<?>> sources = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /** A controller whose queue nobody counts. */
  public Controller(String name, int workers, Reconciler reconciler) {
    this(new MetricRegistry(), name, workers, reconciler);
  }

  /**
   * A controller that {@link #start} sets going.
   *
   * @param metrics where its queue is counted
   * @param name the queue's name: upstream's, where upstream has such a queue
   */
  public Controller(MetricRegistry metrics, String name, int workers, Reconciler reconciler) {
    this.queue = new WorkQueue<>(InstantSource.system(), WorkQueueMetrics.of(metrics, name));
    this.name = name;
    this.workers = workers;
    this.reconciler = reconciler;
  }

  /** Reconciles each object of the informer when it changes. */
  public <T extends KubernetesObject> Controller watch(SharedInformer<T> informer) {
    return watch(informer, object -> List.of(object.key()));
  }

  /** Reconciles the keys that an object leads to when it changes, before and after the change. */
  public <T extends KubernetesObject> Controller watch(
      SharedInformer<T> informer, Function<T, List<String>> keys) {
    needs(informer);
    informer.addHandler(
        new EventHandler<>() {
          @Override
          public void onAdd(T object) {
            keys.apply(object).forEach(queue::add);
          }

          @Override
          public void onUpdate(T old, T object) {
            keys.apply(old).forEach(queue::add);
            keys.apply(object).forEach(queue::add);
          }

          @Override
          public void onDelete(T object) {
            keys.apply(object).forEach(queue::add);
          }
        });
    return this;
  }

  /** Waits for the informer before the first key is reconciled. */
  public Controller needs(SharedInformer<?> informer) {
    sources.add(informer);
    return this;
  }

  /** Reconciles a key soon. */
  public void enqueue(String key) {
    queue.add(key);
  }

  /** Reconciles a key after a while. */
  public void enqueueAfter(String key, Duration delay) {
    queue.addAfter(key, delay);
  }

  /** Starts the workers. */
  public Controller start() {
    for (int i = 0; i < workers; i++) {
      threads.add(Thread.ofVirtual().name(name + "-" + i).start(this::work));
    }
    return this;
  }

  private void work() {
    try {
      for (SharedInformer<?> source : sources) {
        source.awaitSynced(Duration.ofDays(1));
      }
      for (String key = queue.get(); key != null; key = queue.get()) {
        try {
          reconcile(key);
        } finally {
          queue.done(key);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("{} ends", name);
    }
  }

  private void reconcile(String key) throws InterruptedException {
    try {
      Duration again = reconciler.reconcile(key);
      queue.forget(key);
      if (again.isPositive()) {
        queue.addAfter(key, again);
      }
    } catch (ApiException e) {
      // Conflicts and vanished objects are the normal course of optimistic concurrency.
      if (e.code() == 409 || e.code() == 404) {
        LOG.debug("{} {}: {}", name, key, e.getMessage());
      } else {
        LOG.warn("{} {}: {}", name, key, e.getMessage());
      }
      queue.addRateLimited(key);
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", name, key, e);
      queue.addRateLimited(key);
    }
  }

  /** How many keys wait. */
  public int depth() {
    return queue.depth();
  }

  @Override
  public void close() {
    queue.close();
    threads.forEach(Thread::interrupt);
  }
}
