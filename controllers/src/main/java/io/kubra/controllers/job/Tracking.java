package io.kubra.controllers.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubra.api.status.ApiException;
import io.kubra.client.PatchType;
import io.kubra.client.ResourceClient;
import io.kubra.controllers.runtime.Owners;
import io.kubra.model.core.v1.Pod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The finalizer that keeps a Job's pods until they are counted: removes it, and remembers from
 * which pods until the cache shows it.
 */
final class Tracking {
  private final ResourceClient<Pod> pods;
  private final Map<String, Set<String>> removed = new ConcurrentHashMap<>();

  Tracking(ResourceClient<Pod> pods) {
    this.pods = pods;
  }

  /** The uids of pods that have been counted, although the cache may still show the finalizer. */
  Set<String> counted(String key) {
    return Set.copyOf(removed.getOrDefault(key, Set.of()));
  }

  /** The cache shows a pod without finalizer, or no longer shows it. */
  void seen(Pod pod) {
    for (String key : Owners.keysOf(pod, "Job")) {
      removed.computeIfPresent(
          key,
          (k, uids) -> {
            uids.remove(pod.metadata().uid());
            return uids.isEmpty() ? null : uids;
          });
    }
  }

  void forget(String key) {
    removed.remove(key);
  }

  /**
   * Removes the finalizer from counted pods.
   *
   * @return the uids of pods that have it no longer
   */
  Set<String> release(String key, List<Pod> counted) throws InterruptedException {
    Set<String> done = ConcurrentHashMap.newKeySet();
    List<Thread> threads = new ArrayList<>();
    for (Pod pod : counted) {
      String uid = pod.metadata().uid();
      // Before the request: the cache may show its effect before the answer is here.
      removed.compute(
          key,
          (k, uids) -> {
            Set<String> set = uids == null ? ConcurrentHashMap.newKeySet() : uids;
            set.add(uid);
            return set;
          });
      threads.add(
          Thread.startVirtualThread(
              () -> {
                if (release(pod)) {
                  done.add(uid);
                } else {
                  seen(pod);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return new HashSet<>(done);
  }

  /** Removes the finalizer from one pod; false if that failed. */
  boolean release(Pod pod) {
    String patch =
        "{\"metadata\":{\"uid\":\"%s\",\"$deleteFromPrimitiveList/finalizers\":[\"%s\"]}}"
            .formatted(pod.metadata().uid(), JobPods.FINALIZER);
    try {
      pods.patch(
          pod.metadata().namespace(),
          pod.metadata().name(),
          PatchType.STRATEGIC,
          patch.getBytes(UTF_8),
          null);
      return true;
    } catch (ApiException e) {
      // Gone, or a namesake by now: there is nothing left to remove.
      return e.code() == 404 || e.code() == 409 || e.code() == 422;
    }
  }
}
