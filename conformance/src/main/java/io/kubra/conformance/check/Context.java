package io.kubra.conformance.check;

import io.kubra.conformance.cluster.Discovery;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.NodeShell;
import io.kubra.conformance.cluster.Pace;
import io.kubra.conformance.cluster.Pods;
import io.kubra.conformance.cluster.Workspace;
import io.kubra.conformance.suite.SuiteReport;
import io.kubra.conformance.verdict.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/**
 * What checks work with. Readings and verdicts are shared: a collection is read once in a run, and
 * a check that several rows name runs once.
 *
 * @param image the image of probe pods; it has a shell and busybox's programs
 * @param suite what upstream's end-to-end suite found
 * @param shell a way to nodes that run no pods
 * @param disturb the namespaces whose applications may be disturbed
 * @param turn whose turn it is to disturb
 */
public record Context(
    Kube kube,
    Discovery discovery,
    Workspace workspace,
    Pods pods,
    String image,
    String profile,
    Pace pace,
    SuiteReport suite,
    NodeShell shell,
    Set<String> disturb,
    Semaphore turn,
    Map<String, FutureTask<List<Map<String, Object>>>> lists,
    Map<Check, FutureTask<Verdict>> verdicts) {

  /** A context with nothing read yet. */
  public static Context of(
      Kube kube,
      Discovery discovery,
      Workspace workspace,
      Pods pods,
      String image,
      String profile,
      Pace pace,
      SuiteReport suite,
      NodeShell shell,
      Set<String> disturb) {
    return new Context(
        kube,
        discovery,
        workspace,
        pods,
        image,
        profile,
        pace,
        suite,
        shell,
        disturb,
        new Semaphore(1),
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>());
  }

  /** All objects of a collection as they were when first asked for; none if it is not served. */
  public List<Map<String, Object>> list(String path) throws InterruptedException {
    return once(path, () -> kube.listIfServed(path));
  }

  /** What was read under a name, read by the first who asks. */
  public List<Map<String, Object>> once(String name, Callable<List<Map<String, Object>>> source)
      throws InterruptedException {
    FutureTask<List<Map<String, Object>>> reading =
        lists.computeIfAbsent(name, n -> new FutureTask<>(source));
    reading.run();
    return result(reading);
  }

  /** The nodes. */
  public List<Map<String, Object>> nodes() throws InterruptedException {
    return list("/api/v1/nodes");
  }

  /** The verdict of a check, which runs if it has not run yet. */
  public Verdict verdict(Check check) throws InterruptedException {
    FutureTask<Verdict> task =
        verdicts.computeIfAbsent(check, c -> new FutureTask<>(() -> c.run(this)));
    task.run();
    return result(task);
  }

  private static <T> T result(FutureTask<T> task) throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException known -> throw known;
        case Error error -> throw error;
        case InterruptedException interrupted -> throw new InterruptedException("interrupted");
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }
}
