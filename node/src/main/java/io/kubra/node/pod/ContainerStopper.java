package io.kubra.node.pod;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Lifecycle;
import io.kubra.model.core.v1.Pod;
import io.kubra.node.action.Outcome;
import io.kubra.node.cri.CriException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a container: hook, request, and the kill when the time is up. */
final class ContainerStopper {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerStopper.class);
  private static final Duration LEAST = Duration.ofSeconds(2);

  private final PodContext context;

  ContainerStopper(PodContext context) {
    this.context = context;
  }

  /**
   * Ends a container; returns when it has ended.
   *
   * @param container its spec, or null if nobody knows it any more
   * @param why the text of the event
   * @param grace how long hook and container may take together
   * @throws CriException if the runtime failed to end it
   */
  void stop(
      Pod pod, @Nullable Container container, String id, String podIp, String why, Duration grace)
      throws InterruptedException {
    Duration left = grace;
    if (container != null) {
      context.events().normal(pod, container, "Killing", why);
      Lifecycle lifecycle = container.lifecycle();
      if (lifecycle != null && lifecycle.preStop() != null && grace.isPositive()) {
        long began = System.nanoTime();
        Outcome outcome = context.hooks().run(lifecycle.preStop(), container, id, podIp, grace);
        if (!(outcome instanceof Outcome.Success)) {
          LOG.debug("preStop of {} in {}: {}", container.name(), pod.key(), outcome);
          context.events().warning(pod, container, "FailedPreStopHook", "PreStopHook failed");
        }
        left = grace.minusNanos(System.nanoTime() - began);
      }
    }
    // A hook that took all the time still leaves the process a moment to end by itself.
    Duration timeout =
        grace.isZero() ? grace : left.compareTo(LEAST) < 0 && left != grace ? LEAST : left;
    try {
      context.cri().stopContainer(id, timeout);
    } catch (CriException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }
}
