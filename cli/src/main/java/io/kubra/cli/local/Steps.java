package io.kubra.cli.local;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;

/** Prints each step of a long command and how long it took. */
public final class Steps {
  private final PrintStream out;
  private final long started = System.nanoTime();

  /** Steps printed to the given stream. */
  public Steps(PrintStream out) {
    this.out = out;
  }

  /** Does a step. */
  public void run(String what, Runnable step) {
    get(
        what,
        () -> {
          step.run();
          return null;
        });
  }

  /** Does a step that yields something. */
  public <T extends @org.jspecify.annotations.Nullable Object> T get(
      String what, Supplier<T> step) {
    long from = System.nanoTime();
    T result = step.get();
    done(what, System.nanoTime() - from);
    return result;
  }

  /** Prints a step that was measured elsewhere. Steps that ran side by side overlap. */
  public synchronized void done(String what, long nanos) {
    out.printf("  %-48s %6.2f s%n", what, nanos / 1e9);
    out.flush();
  }

  /** The time since the first step. */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }
}
