package io.kubra.controllers.replicaset;

import io.kubra.api.status.ApiException;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.match.Selectors;
import io.kubra.controllers.runtime.Claims;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.DeletionOrder;
import io.kubra.controllers.runtime.Expectations;
import io.kubra.controllers.runtime.PodControl;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.KubernetesObject;
import io.kubra.model.ResourceType;
import io.kubra.model.apps.v1.ReplicaSet;
import io.kubra.model.apps.v1.ReplicaSetStatus;
import io.kubra.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps as many pods as each set wants: creates missing ones in batches that double while they
 * succeed, deletes superfluous ones in the order of {@link DeletionOrder}, adopts matching orphans
 * and releases pods that no longer match.
 *
 * @param <T> the kind of the sets, each of which can be seen as a ReplicaSet
 */
public final class ReplicaKeeper<T extends KubernetesObject> implements AutoCloseable {
  private final SharedInformer<T> sets;
  private final ResourceClient<T> client;
  private final Claims<Pod> pods;
  private final Function<T, ReplicaSet> view;
  private final BiFunction<T, ReplicaSetStatus, T> withStatus;
  private final InstantSource clock;
  private final Expectations expectations;
  private final PodControl control;
  private final Controller controller;

  /**
   * Starts keeping; the context's informers are started by the caller.
   *
   * @param account the service account that acts
   * @param queue the name of the queue
   * @param view a set as a ReplicaSet
   * @param withStatus the set with a ReplicaSet's status
   */
  public ReplicaKeeper(
      ControllerContext context,
      ResourceType<T> type,
      String kind,
      String account,
      String queue,
      Function<T, ReplicaSet> view,
      BiFunction<T, ReplicaSetStatus, T> withStatus) {
    this.sets = context.informers().informer(type);
    SharedInformer<Pod> informer = context.informers().informer(Pod.RESOURCE);
    this.client = context.client(account).resource(type);
    ResourceClient<Pod> podClient = context.client(account).resource(Pod.RESOURCE);
    this.pods = new Claims<>(informer, podClient);
    this.view = view;
    this.withStatus = withStatus;
    this.clock = context.clock();
    this.expectations = new Expectations(clock);
    EventRecorder events = context.recorder(account, account);
    this.control = new PodControl(kind, podClient, events, expectations);
    this.controller = context.controller(queue, 5, this::reconcile);
    informer.addHandler(control.observer());
    controller
        .watch(sets)
        .watch(
            informer,
            pod -> Claims.owners(pod, kind, sets, set -> view.apply(set).spec().selector()))
        .start();
  }

  private Duration reconcile(String key) throws InterruptedException {
    T set = sets.getByKey(key);
    if (set == null) {
      expectations.forget(key);
      return Duration.ZERO;
    }
    boolean settled = expectations.met(key);
    ReplicaSet seen = view.apply(set);
    List<Pod> claimed =
        pods.claim(
            set,
            client,
            pod -> Selectors.matches(seen.spec().selector(), pod.metadata().labels()),
            Pods::active);
    List<Pod> active = claimed.stream().filter(Pods::active).toList();
    ApiException failure = null;
    if (settled && set.metadata().deletionTimestamp() == null) {
      failure = manage(set, seen, active);
    }
    Instant now = clock.instant();
    T wanted = withStatus.apply(set, Statuses.of(seen, active, claimed, failure, now));
    if (!wanted.equals(set)) {
      client.updateStatus(wanted);
    }
    if (failure != null) {
      throw failure;
    }
    int minReady = Statuses.minReadySeconds(seen);
    boolean waits =
        minReady > 0
            && active.stream().anyMatch(p -> Pods.ready(p) && !Pods.available(p, minReady, now));
    return waits ? Duration.ofSeconds(minReady) : Duration.ZERO;
  }

  private @Nullable ApiException manage(T set, ReplicaSet seen, List<Pod> active)
      throws InterruptedException {
    int missing = Statuses.wanted(seen) - active.size();
    if (missing > 0) {
      Pod pod = PodControl.fromTemplate(set, seen.spec().template());
      return control
          .create(set, Collections.nCopies(Math.min(missing, PodControl.BURST), pod))
          .failure();
    }
    if (missing < 0) {
      int count = Math.min(-missing, PodControl.BURST);
      PodControl.Outcome outcome =
          control.delete(set, DeletionOrder.sorted(active, clock.instant()).subList(0, count));
      if (outcome.failure() != null) {
        controller.enqueueAfter(set.key(), Duration.ofSeconds(1));
      }
    }
    return null;
  }

  @Override
  public void close() {
    controller.close();
  }
}
