package io.kubra.apiserver.request;

import io.kubra.apiserver.registry.ObjectAccess;

/**
 * Something to be done once the server can serve itself: bootstrap objects, for example. {@code
 * /readyz} fails until all hooks have returned.
 */
public interface PostStartHook {

  /** The name under which the hook shows up in {@code /readyz?verbose}. */
  String name();

  /** Does the work; it is tried again, with a back-off, when it throws. */
  void run(ObjectAccess objects) throws Exception;

  /** The server ends; called once, while objects can still be written. */
  default void stop() {}
}
