package io.kubra.node.pod;

import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.SharedInformer;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.node.runtime.RuntimeWatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one worker for each pod of this node, and for what the runtime has of pods long gone. */
final class PodWorkers implements EventHandler<Pod>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PodWorkers.class);

  private final PodContext context;
  private final Runnable changed;
  private final Map<String, PodWorker> workers = new HashMap<>();
  private boolean closed;

  /**
   * No workers yet.
   *
   * @param changed called when pods come or go
   */
  PodWorkers(PodContext context, Runnable changed) {
    this.context = context;
    this.changed = changed;
  }

  @Override
  public void onAdd(Pod pod) {
    updated(pod);
  }

  @Override
  public void onUpdate(Pod old, Pod pod) {
    if (!old.metadata().uid().equals(pod.metadata().uid())) {
      onDelete(old);
    }
    updated(pod);
  }

  private void updated(Pod pod) {
    PodWorker worker;
    synchronized (workers) {
      if (closed) {
        return;
      }
      worker = workers.get(pod.metadata().uid());
      if (worker == null) {
        create(pod).start();
        return;
      }
    }
    worker.update(pod);
  }

  @Override
  public void onDelete(Pod pod) {
    PodWorker worker;
    synchronized (workers) {
      worker = workers.get(pod.metadata().uid());
    }
    if (worker != null) {
      worker.removed(pod);
    }
  }

  private PodWorker create(Pod pod) {
    String uid = pod.metadata().uid();
    PodWorker worker = new PodWorker(context, pod, () -> forget(uid));
    workers.put(uid, worker);
    changed.run();
    return worker;
  }

  private void forget(String uid) {
    synchronized (workers) {
      workers.remove(uid);
    }
    changed.run();
  }

  /** The runtime, a volume's object or a probe changed something of a pod. */
  void wake(String uid) {
    PodWorker worker = find(uid);
    if (worker != null) {
      worker.wake();
    }
  }

  private @Nullable PodWorker find(String uid) {
    synchronized (workers) {
      return workers.get(uid);
    }
  }

  /**
   * Ends what the runtime has of pods that neither the API nor a worker knows.
   *
   * @param pods the API's pods, fully listed
   */
  void endOrphans(Collection<RuntimeWatch.Owner> owners, SharedInformer<Pod> pods) {
    for (RuntimeWatch.Owner owner : owners) {
      Pod known = pods.getByKey(owner.namespace() + "/" + owner.name());
      boolean wanted = known != null && known.metadata().uid().equals(owner.uid());
      synchronized (workers) {
        if (wanted || closed || workers.containsKey(owner.uid())) {
          continue;
        }
        LOG.info(
            "ending pod {}/{} ({}), which is gone", owner.namespace(), owner.name(), owner.uid());
        Pod ghost =
            Pod.builder()
                .metadata(
                    ObjectMeta.builder()
                        .namespace(owner.namespace())
                        .name(owner.name())
                        .uid(owner.uid())
                        .build())
                .build();
        PodWorker worker = create(ghost);
        worker.removed(ghost);
        worker.start();
      }
    }
  }

  /** All pods with their statuses as this node knows them. */
  List<Pod> pods() {
    List<PodWorker> all;
    synchronized (workers) {
      all = new ArrayList<>(workers.values());
    }
    return all.stream().map(PodWorker::podWithStatus).toList();
  }

  /** The pods that hold resources. */
  List<Pod> activePods() {
    synchronized (workers) {
      return workers.values().stream().filter(PodWorker::active).map(PodWorker::pod).toList();
    }
  }

  @Override
  public void close() {
    List<PodWorker> all;
    synchronized (workers) {
      closed = true;
      all = new ArrayList<>(workers.values());
    }
    all.forEach(PodWorker::close);
  }
}
