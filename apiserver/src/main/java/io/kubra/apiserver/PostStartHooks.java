package io.kubra.apiserver;

import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.HealthCheck;
import io.kubra.apiserver.request.PostStartHook;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the start-up hooks, in order, on a thread of their own, and knows which are through. */
final class PostStartHooks implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PostStartHooks.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LAST_PAUSE_MILLIS = 5000;

  private final List<Hook> hooks = new ArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);

  private static final class Hook implements HealthCheck {
    private final PostStartHook hook;
    private final CountDownLatch done = new CountDownLatch(1);

    Hook(PostStartHook hook) {
      this.hook = hook;
    }

    @Override
    public String name() {
      return "poststarthook/" + hook.name();
    }

    @Override
    public void check() {
      if (done.getCount() > 0) {
        throw new IllegalStateException("not finished");
      }
    }
  }

  PostStartHooks(List<PostStartHook> all) {
    all.forEach(h -> hooks.add(new Hook(h)));
  }

  /** A check for each hook. */
  List<HealthCheck> checks() {
    return List.copyOf(hooks);
  }

  void start(ObjectAccess objects) {
    Thread.ofVirtual().name("post-start-hooks").start(() -> runAll(objects));
  }

  /** Waits until all hooks are through. */
  void await() throws InterruptedException {
    for (Hook h : hooks) {
      h.done.await();
    }
  }

  private void runAll(ObjectAccess objects) {
    for (Hook h : hooks) {
      if (!run(h, objects)) {
        return;
      }
    }
  }

  private boolean run(Hook h, ObjectAccess objects) {
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        h.hook.run(objects);
        h.done.countDown();
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      } catch (Exception e) {
        log.warn("post-start hook {} failed and will be tried again", h.hook.name(), e);
      }
      try {
        if (stop.await(pause, TimeUnit.MILLISECONDS)) {
          return false;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      pause = Math.min(2 * pause, LAST_PAUSE_MILLIS);
    }
  }

  @Override
  public void close() {
    stop.countDown();
    hooks.forEach(h -> h.hook.stop());
  }
}
