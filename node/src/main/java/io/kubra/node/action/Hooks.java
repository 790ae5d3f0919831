package io.kubra.node.action;

import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.LifecycleHandler;
import java.time.Duration;

/** Runs the hooks of a container's life cycle. */
public final class Hooks {
  private static final Duration REQUEST = Duration.ofSeconds(30);

  private final Actions actions;

  /** Hooks that use the actions. */
  public Hooks(Actions actions) {
    this.actions = actions;
  }

  /**
   * Runs a hook to its end.
   *
   * @param limit how long it may take; zero for as long as it likes
   */
  public Outcome run(
      LifecycleHandler hook, Container container, String containerId, String podIp, Duration limit)
      throws InterruptedException {
    if (hook.exec() != null) {
      return actions.exec(containerId, hook.exec(), limit);
    }
    if (hook.httpGet() != null) {
      return actions.http(hook.httpGet(), container, podIp, limit.isZero() ? REQUEST : limit);
    }
    if (hook.sleep() != null) {
      Duration wanted = Duration.ofSeconds(hook.sleep().seconds());
      Thread.sleep(limit.isZero() || wanted.compareTo(limit) < 0 ? wanted : limit);
      return new Outcome.Success("");
    }
    if (hook.tcpSocket() != null) {
      return actions.tcp(hook.tcpSocket(), container, podIp, limit.isZero() ? REQUEST : limit);
    }
    return new Outcome.Failure("invalid handler: no action given");
  }
}
