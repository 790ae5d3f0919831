package io.kubra.controllers.runtime;

import io.kubra.api.status.ApiException;
import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.EventHandler;
import io.kubra.model.KubernetesObject;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodTemplateSpec;
import io.kubra.model.meta.v1.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Creates and deletes the pods of one kind of owner, with the events that tell of it, and keeps the
 * expectations of what informers have yet to show.
 */
public final class PodControl {
  /** The most pods that one look at an owner creates or deletes. */
  public static final int BURST = 500;

  /**
   * What came of it.
   *
   * @param done how many pods were created or deleted
   * @param failure the first refusal, or null
   */
  public record Outcome(int done, @Nullable ApiException failure) {}

  private final String kind;
  private final ResourceClient<Pod> pods;
  private final EventRecorder events;
  private final Expectations expectations;

  /**
   * A control for the pods of one kind.
   *
   * @param kind the kind of the owners
   */
  public PodControl(
      String kind, ResourceClient<Pod> pods, EventRecorder events, Expectations expectations) {
    this.kind = kind;
    this.pods = pods;
    this.events = events;
    this.expectations = expectations;
  }

  /**
   * Crosses off what the informer shows of what was done here. To be added to the pods' informer
   * before the handler that queues owners.
   */
  public EventHandler<Pod> observer() {
    return new EventHandler<>() {
      @Override
      public void onAdd(Pod pod) {
        Owners.keysOf(pod, kind).forEach(key -> expectations.created(key, 1));
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
        Owners.keysOf(pod, kind).forEach(key -> expectations.deleted(key, pod.metadata().uid()));
      }
    };
  }

  /** A pod of the owner after a template, with a name that the server completes. */
  public static Pod fromTemplate(KubernetesObject owner, PodTemplateSpec template) {
    return Pod.builder()
        .metadata(
            ObjectMeta.builder()
                .generateName(owner.metadata().name() + "-")
                .namespace(owner.metadata().namespace())
                .labels(template.metadata().labels())
                .annotations(template.metadata().annotations())
                .finalizers(template.metadata().finalizers())
                .ownerReferences(List.of(Owners.controllerReference(owner)))
                .build())
        .spec(template.spec())
        .build();
  }

  /** Creates pods in batches that double while they succeed; stops at the first refusal. */
  public Outcome create(KubernetesObject owner, List<Pod> wanted) throws InterruptedException {
    expectations.expectCreations(owner.key(), wanted.size());
    AtomicInteger created = new AtomicInteger();
    AtomicReference<ApiException> failure = new AtomicReference<>();
    int tried = 0;
    for (int batch = 1; tried < wanted.size() && failure.get() == null; batch *= 2) {
      int size = Math.min(batch, wanted.size() - tried);
      List<Thread> threads = new ArrayList<>();
      for (Pod pod : wanted.subList(tried, tried + size)) {
        threads.add(Thread.startVirtualThread(() -> createOne(owner, pod, created, failure)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      tried += size;
    }
    expectations.created(owner.key(), wanted.size() - tried);
    return new Outcome(created.get(), failure.get());
  }

  private void createOne(
      KubernetesObject owner, Pod pod, AtomicInteger count, AtomicReference<ApiException> failure) {
    try {
      Pod created = pods.create(pod);
      count.incrementAndGet();
      events.normal(owner, "SuccessfulCreate", "Created pod: " + created.metadata().name());
    } catch (ApiException e) {
      expectations.created(owner.key(), 1);
      boolean ending =
          e.code() == 403 && String.valueOf(e.getMessage()).contains("being terminated");
      if (!ending) {
        events.warning(owner, "FailedCreate", "Error creating: " + e.getMessage());
        failure.compareAndSet(null, e);
      }
    } catch (RuntimeException e) {
      expectations.created(owner.key(), 1);
      failure.compareAndSet(null, ApiException.internal(String.valueOf(e.getMessage())));
    }
  }

  /** Deletes pods, all at once. */
  public Outcome delete(KubernetesObject owner, List<Pod> victims) throws InterruptedException {
    return delete(owner, victims, pod -> {});
  }

  /** Deletes pods, all at once, after something was done to each. */
  public Outcome delete(KubernetesObject owner, List<Pod> victims, Consumer<Pod> before)
      throws InterruptedException {
    AtomicInteger deleted = new AtomicInteger();
    AtomicReference<ApiException> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (Pod victim : victims) {
      expectations.expectDeletion(owner.key(), victim.metadata().uid());
      threads.add(
          Thread.startVirtualThread(() -> deleteOne(owner, victim, before, deleted, failure)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return new Outcome(deleted.get(), failure.get());
  }

  private void deleteOne(
      KubernetesObject owner,
      Pod victim,
      Consumer<Pod> before,
      AtomicInteger count,
      AtomicReference<ApiException> failure) {
    try {
      before.accept(victim);
      pods.delete(victim.metadata().namespace(), victim.metadata().name());
      count.incrementAndGet();
      events.normal(owner, "SuccessfulDelete", "Deleted pod: " + victim.metadata().name());
    } catch (RuntimeException e) {
      expectations.deleted(owner.key(), victim.metadata().uid());
      if (e instanceof ApiException status && status.code() == 404) {
        count.incrementAndGet();
        return;
      }
      events.warning(owner, "FailedDelete", "Error deleting: " + e.getMessage());
      failure.compareAndSet(
          null,
          e instanceof ApiException status
              ? status
              : ApiException.internal(String.valueOf(e.getMessage())));
    }
  }
}
