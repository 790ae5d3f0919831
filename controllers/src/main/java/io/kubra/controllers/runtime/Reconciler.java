package io.kubra.controllers.runtime;

import java.time.Duration;

/** Brings one object, named by its key, closer to what is wanted. */
@FunctionalInterface
public interface Reconciler {
  /**
   * Does the work for one key. Failures are retried with back-off.
   *
   * @return when to look at the key again, or zero for not before something changes
   */
  Duration reconcile(String key) throws InterruptedException;
}
