package io.kubra.node.status;

import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.client.workqueue.WorkQueue;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodStatus;
import io.kubra.model.meta.v1.DeleteOptions;
import io.kubra.model.meta.v1.Preconditions;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the API server the statuses of pods. A status that changes again before it was sent is sent
 * once; one that could not be sent is tried again until it could, or the pod is gone.
 */
public final class StatusPublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusPublisher.class);
  private static final int SENDERS = 2;

  private record Wanted(Pod pod, PodStatus status, boolean delete) {}

  private final ResourceClient<Pod> pods;
  private final WorkQueue<String> queue = new WorkQueue<>();
  private final Map<String, Wanted> wanted = new ConcurrentHashMap<>();
  private final Map<String, PodStatus> sent = new ConcurrentHashMap<>();
  private final List<Thread> senders = new ArrayList<>();

  /** A publisher that sends through the client. */
  public StatusPublisher(ApiClient client) {
    this.pods = client.resource(Pod.RESOURCE);
    for (int i = 0; i < SENDERS; i++) {
      senders.add(Thread.ofVirtual().name("pod-status-" + i).start(this::run));
    }
  }

  /** Has a pod's status sent, unless it is what was sent last. */
  public void publish(Pod pod, PodStatus status) {
    put(pod, status, false);
  }

  /** Has the last status of a deleted pod sent, and then the pod itself removed. */
  public void publishAndDelete(Pod pod, PodStatus status) {
    put(pod, status, true);
  }

  private void put(Pod pod, PodStatus status, boolean delete) {
    String uid = pod.metadata().uid();
    Wanted next = new Wanted(pod, status, delete);
    Wanted before = wanted.put(uid, next);
    PodStatus known = sent.getOrDefault(uid, pod.status());
    boolean news = !status.equals(known) || delete;
    if (news && (before == null || !before.status.equals(status) || before.delete != delete)) {
      queue.add(uid);
    } else if (news) {
      // Sent already, or on its way: the queue knows.
      LOG.trace("status of {} is known", pod.key());
    }
  }

  /** The last status given for a pod, or null. */
  public @Nullable PodStatus latest(String podUid) {
    Wanted latest = wanted.get(podUid);
    return latest == null ? null : latest.status;
  }

  /** Forgets a pod that is gone. */
  public void forget(String podUid) {
    wanted.remove(podUid);
    sent.remove(podUid);
    queue.forget(podUid);
  }

  private void run() {
    try {
      for (String uid = queue.get(); uid != null; uid = queue.get()) {
        try {
          send(uid);
          queue.forget(uid);
        } catch (ApiException | UncheckedIOException e) {
          LOG.debug("status of pod {} not sent: {}", uid, e.toString());
          queue.addRateLimited(uid);
        } catch (RuntimeException e) {
          LOG.error("status of pod {} not sent", uid, e);
          queue.addRateLimited(uid);
        } finally {
          queue.done(uid);
        }
      }
    } catch (InterruptedException e) {
      LOG.trace("status publisher ends");
    }
  }

  private void send(String uid) {
    Wanted next = wanted.get(uid);
    if (next == null) {
      return;
    }
    String namespace = next.pod.metadata().namespace();
    String name = next.pod.metadata().name();
    try {
      byte[] patch =
          StatusPatch.between(uid, sent.getOrDefault(uid, next.pod.status()), next.status);
      if (patch != null) {
        pods.patch(namespace, name, PatchType.STRATEGIC, patch, "status");
      }
      sent.put(uid, next.status);
      if (next.delete) {
        pods.delete(
            namespace,
            name,
            DeleteOptions.builder()
                .gracePeriodSeconds(0L)
                .preconditions(Preconditions.builder().uid(uid).build())
                .build());
      }
    } catch (ApiException e) {
      if (e.code() == 404 || (e.code() == 409 && !exists(namespace, name, uid))) {
        LOG.debug("status of {}/{} ({}) is of no more use: {}", namespace, name, uid, e.message());
        return;
      }
      throw e;
    }
  }

  /** Whether the name still belongs to the pod. */
  private boolean exists(String namespace, String name, String uid) {
    return pods.find(namespace, name).filter(p -> p.metadata().uid().equals(uid)).isPresent();
  }

  @Override
  public void close() {
    queue.close();
    senders.forEach(Thread::interrupt);
  }
}
