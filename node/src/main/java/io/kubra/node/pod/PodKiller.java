package io.kubra.node.pod;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.node.cri.CriException;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.runtime.PodRuntime;
import io.kubra.node.runtime.RuntimeContainer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ends all containers of a pod: the main ones together, then the sidecars in the reverse order of
 * their start, then the sandbox.
 */
final class PodKiller {
  private static final ExecutorService THREADS =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kill-", 0).factory());

  private final PodContext context;
  private final ContainerStopper stopper;

  PodKiller(PodContext context) {
    this.context = context;
    this.stopper = new ContainerStopper(context);
  }

  /**
   * Starts to end the pod; the future fails if the runtime did.
   *
   * @param first whether hooks and events are due, or an attempt before this saw to them
   * @param done called when the future has completed
   */
  Future<?> start(Pod pod, Duration grace, boolean first, Runnable done) {
    CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    THREADS.execute(
        () -> {
          try {
            kill(pod, grace, first);
            ended.complete(null);
          } catch (Exception | Error e) {
            ended.completeExceptionally(e);
          }
          // Not before: whoever is told looks at the future.
          done.run();
        });
    return ended;
  }

  private void kill(Pod pod, Duration grace, boolean first)
      throws InterruptedException, ExecutionException {
    long began = System.nanoTime();
    PodRuntime runtime = context.runtimes().read(pod.metadata().uid());
    String ip = runtime.ips().isEmpty() ? "" : runtime.ips().getFirst();
    List<Future<?>> kills = new ArrayList<>();
    List<RuntimeContainer> sidecars = new ArrayList<>();
    for (RuntimeContainer container : runtime.containers()) {
      if (container.exited()) {
        continue;
      }
      Container spec = spec(pod, container.name());
      if (spec != null && "Always".equals(spec.restartPolicy())) {
        sidecars.add(container);
      } else {
        kills.add(THREADS.submit(() -> stop(pod, first ? spec : null, container, ip, grace)));
      }
    }
    for (Future<?> kill : kills) {
      kill.get();
    }
    List<String> order = pod.spec().initContainers().stream().map(Container::name).toList();
    sidecars.sort((a, b) -> Integer.compare(order.indexOf(b.name()), order.indexOf(a.name())));
    for (RuntimeContainer sidecar : sidecars) {
      Duration left = grace.minusNanos(System.nanoTime() - began);
      Container spec = first ? spec(pod, sidecar.name()) : null;
      stop(pod, spec, sidecar, ip, left.isNegative() ? Duration.ZERO : left);
    }
    for (Cri.PodSandboxStatus sandbox : runtime.sandboxes()) {
      try {
        context.cri().stopPodSandbox(sandbox.getId());
      } catch (CriException e) {
        if (!e.notFound()) {
          throw e;
        }
      }
    }
  }

  private @Nullable Void stop(
      Pod pod, @Nullable Container spec, RuntimeContainer container, String ip, Duration grace)
      throws InterruptedException {
    stopper.stop(pod, spec, container.id(), ip, "Stopping container " + container.name(), grace);
    return null;
  }

  static @Nullable Container spec(Pod pod, String name) {
    return Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream())
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  /** Removes what the runtime still has of a pod that has ended. */
  void remove(String podUid) {
    PodRuntime runtime = context.runtimes().read(podUid);
    for (RuntimeContainer container : runtime.containers()) {
      ignoreMissing(() -> context.cri().removeContainer(container.id()));
    }
    for (Cri.PodSandboxStatus sandbox : runtime.sandboxes()) {
      ignoreMissing(() -> context.cri().stopPodSandbox(sandbox.getId()));
      ignoreMissing(() -> context.cri().removePodSandbox(sandbox.getId()));
    }
  }

  private static void ignoreMissing(Runnable call) {
    try {
      call.run();
    } catch (CriException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }
}
