package io.kubra.controllers.replicaset;

import io.kubra.api.status.ApiException;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.match.Selectors;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.DeletionOrder;
import io.kubra.controllers.runtime.Expectations;
import io.kubra.controllers.runtime.Owners;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.apps.v1.ReplicaSet;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodTemplateSpec;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.meta.v1.OwnerReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps as many pods as each ReplicaSet wants: creates missing ones in batches that double while
 * they succeed, deletes superfluous ones in the order of {@link DeletionOrder}, adopts matching
 * orphans and releases pods that no longer match.
 */
public final class ReplicaSetController implements AutoCloseable {
  private static final String ACCOUNT = "replicaset-controller";
  private static final int BURST = 500;
  private static final String OWNER_UID = "rs-owner-uid";

  private final SharedInformer<ReplicaSet> sets;
  private final SharedInformer<Pod> pods;
  private final ResourceClient<ReplicaSet> setClient;
  private final ResourceClient<Pod> podClient;
  private final EventRecorder events;
  private final InstantSource clock;
  private final Expectations expectations;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public ReplicaSetController(ControllerContext context) {
    this.sets = context.informers().informer(ReplicaSet.RESOURCE);
    this.pods =
        context
            .informers()
            .informer(Pod.RESOURCE)
            .index(
                OWNER_UID,
                pod -> {
                  OwnerReference owner = Owners.controllerOf(pod);
                  return owner == null
                      ? List.of("orphans/" + pod.metadata().namespace())
                      : List.of(owner.uid());
                });
    this.setClient = context.client(ACCOUNT).resource(ReplicaSet.RESOURCE);
    this.podClient = context.client(ACCOUNT).resource(Pod.RESOURCE);
    this.events = context.recorder(ACCOUNT, "replicaset-controller");
    this.clock = context.clock();
    this.expectations = new Expectations(clock);
    this.controller = new Controller("replicaset", 5, this::reconcile);
    pods.addHandler(new Observer());
    controller.watch(sets).watch(pods, this::setsOf).start();
  }

  /** Crosses off what the informer shows of what this controller has done. */
  private final class Observer implements EventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      Owners.keysOf(pod, "ReplicaSet").forEach(key -> expectations.created(key, 1));
      onUpdate(pod, pod);
    }

    @Override
    public void onUpdate(Pod old, Pod pod) {
      if (Pods.terminating(pod)) {
        onDelete(pod);
      }
    }

    @Override
    public void onDelete(Pod pod) {
      Owners.keysOf(pod, "ReplicaSet")
          .forEach(key -> expectations.deleted(key, pod.metadata().uid()));
    }
  }

  /** The set that controls the pod, or those that might adopt it. */
  private List<String> setsOf(Pod pod) {
    if (Owners.controllerOf(pod) != null) {
      return Owners.keysOf(pod, "ReplicaSet");
    }
    return sets.list(pod.metadata().namespace()).stream()
        .filter(rs -> Selectors.matches(rs.spec().selector(), pod.metadata().labels()))
        .map(ReplicaSet::key)
        .toList();
  }

  private Duration reconcile(String key) throws InterruptedException {
    ReplicaSet set = sets.getByKey(key);
    if (set == null) {
      expectations.forget(key);
      return Duration.ZERO;
    }
    boolean settled = expectations.met(key);
    List<Pod> claimed = claim(set);
    List<Pod> active = claimed.stream().filter(Pods::active).toList();
    ApiException failure = null;
    if (settled && set.metadata().deletionTimestamp() == null) {
      failure = manage(set, active);
    }
    Instant now = clock.instant();
    new StatusWriter(setClient, clock).write(set, active, claimed, failure);
    if (failure != null) {
      throw failure;
    }
    int minReady = minReadySeconds(set);
    boolean waits =
        minReady > 0
            && active.stream().anyMatch(p -> Pods.ready(p) && !Pods.available(p, minReady, now));
    return waits ? Duration.ofSeconds(minReady) : Duration.ZERO;
  }

  static int minReadySeconds(ReplicaSet set) {
    Integer seconds = set.spec().minReadySeconds();
    return seconds == null ? 0 : seconds;
  }

  static int wanted(ReplicaSet set) {
    Integer replicas = set.spec().replicas();
    return replicas == null ? 1 : replicas;
  }

  /** The pods that are the set's, after adopting and releasing. */
  private List<Pod> claim(ReplicaSet set) {
    List<Pod> mine = new ArrayList<>();
    boolean deleting = set.metadata().deletionTimestamp() != null;
    for (Pod pod : pods.byIndex(OWNER_UID, set.metadata().uid())) {
      if (Selectors.matches(set.spec().selector(), pod.metadata().labels())) {
        mine.add(pod);
      } else if (!deleting && !Pods.terminating(pod)) {
        Owners.release(podClient, pod, set);
      }
    }
    if (deleting) {
      return mine;
    }
    for (Pod pod : pods.byIndex(OWNER_UID, "orphans/" + set.metadata().namespace())) {
      if (Pods.active(pod) && Selectors.matches(set.spec().selector(), pod.metadata().labels())) {
        mine.add(Owners.adopt(podClient, pod, set));
      }
    }
    return mine;
  }

  private @Nullable ApiException manage(ReplicaSet set, List<Pod> active)
      throws InterruptedException {
    int missing = wanted(set) - active.size();
    if (missing > 0) {
      return create(set, Math.min(missing, BURST));
    }
    if (missing < 0) {
      delete(set, active, Math.min(-missing, BURST));
    }
    return null;
  }

  private @Nullable ApiException create(ReplicaSet set, int count) throws InterruptedException {
    expectations.expectCreations(set.key(), count);
    int done = 0;
    int batch = 1;
    AtomicReference<ApiException> failure = new AtomicReference<>();
    while (done < count && failure.get() == null) {
      int size = Math.min(batch, count - done);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        threads.add(Thread.startVirtualThread(() -> createOne(set, failure)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      done += size;
      batch *= 2;
    }
    expectations.created(set.key(), count - done);
    return failure.get();
  }

  private void createOne(ReplicaSet set, AtomicReference<ApiException> failure) {
    try {
      Pod created = podClient.create(podFor(set));
      events.normal(set, "SuccessfulCreate", "Created pod: " + created.metadata().name());
    } catch (ApiException e) {
      expectations.created(set.key(), 1);
      boolean ending =
          e.code() == 403 && String.valueOf(e.getMessage()).contains("being terminated");
      if (!ending) {
        events.warning(set, "FailedCreate", "Error creating: " + e.getMessage());
        failure.compareAndSet(null, e);
      }
    } catch (RuntimeException e) {
      expectations.created(set.key(), 1);
      failure.compareAndSet(null, ApiException.internal(String.valueOf(e.getMessage())));
    }
  }

  private static Pod podFor(ReplicaSet set) {
    PodTemplateSpec template = set.spec().template();
    String name = set.metadata().name();
    return Pod.builder()
        .metadata(
            ObjectMeta.builder()
                .generateName(name + "-")
                .namespace(set.metadata().namespace())
                .labels(template.metadata().labels())
                .annotations(template.metadata().annotations())
                .finalizers(template.metadata().finalizers())
                .ownerReferences(List.of(Owners.controllerReference(set)))
                .build())
        .spec(template.spec())
        .build();
  }

  private void delete(ReplicaSet set, List<Pod> active, int count) throws InterruptedException {
    List<Pod> victims = DeletionOrder.sorted(active, clock.instant()).subList(0, count);
    List<Thread> threads = new ArrayList<>();
    for (Pod victim : victims) {
      expectations.expectDeletion(set.key(), victim.metadata().uid());
      threads.add(Thread.startVirtualThread(() -> deleteOne(set, victim)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void deleteOne(ReplicaSet set, Pod victim) {
    try {
      podClient.delete(victim.metadata().namespace(), victim.metadata().name());
      events.normal(set, "SuccessfulDelete", "Deleted pod: " + victim.metadata().name());
    } catch (RuntimeException e) {
      expectations.deleted(set.key(), victim.metadata().uid());
      if (!(e instanceof ApiException status && status.code() == 404)) {
        events.warning(set, "FailedDelete", "Error deleting: " + e.getMessage());
        controller.enqueueAfter(set.key(), Duration.ofSeconds(1));
      }
    }
  }

  @Override
  public void close() {
    controller.close();
  }
}
