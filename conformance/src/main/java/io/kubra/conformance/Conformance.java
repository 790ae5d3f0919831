package io.kubra.conformance;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.conformance.area.Areas;
import io.kubra.conformance.catalogue.Requirement;
import io.kubra.conformance.catalogue.Scope;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Failures;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.cluster.Discovery;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.Leftovers;
import io.kubra.conformance.cluster.Pods;
import io.kubra.conformance.cluster.Workspace;
import io.kubra.conformance.verdict.Outcome;
import io.kubra.conformance.verdict.Report;
import io.kubra.conformance.verdict.Verdict;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A run of checks against one cluster. {@link #run} may be ended from another thread by {@link
 * #close}, which removes whatever was made; a run that ends by itself has removed it.
 */
public final class Conformance implements AutoCloseable {
  // Upstream's pod security admission would else keep the pods that read nodes out.
  private static final Map<String, String> NAMESPACE_LABELS =
      Map.of("pod-security.kubernetes.io/enforce", "privileged");

  private static final Duration STILLNESS = Duration.ofSeconds(30);

  private final Rows rows = Areas.rows();
  private final String server;
  private final Options options;
  private final Kube kube;
  private final Workspace workspace;
  private final Leftovers others;
  private final Context context;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room;
  private @Nullable List<String> leftovers;

  /**
   * Prepares a run.
   *
   * @param client whom to speak as; stays the caller's to close
   * @param server what to call the cluster in reports
   * @throws ApiException if the server does not even list its groups
   */
  public Conformance(ApiClient client, String server, Options options) {
    this.server = server;
    this.options = options;
    kube = new Kube(client);
    Discovery discovery = new Discovery(kube);
    byte[] random = new byte[3];
    ThreadLocalRandom.current().nextBytes(random);
    workspace = new Workspace(kube, discovery, HexFormat.of().formatHex(random), NAMESPACE_LABELS);
    others = new Leftovers(kube, discovery, workspace.run(), STILLNESS);
    Pods pods = new Pods(kube, workspace, options.pace().run());
    context =
        Context.of(
            kube,
            discovery,
            workspace,
            pods,
            options.image(),
            options.profile(),
            options.pace(),
            options.suite(),
            options.shell(),
            options.disturb());
    room = new Semaphore(options.atOnce());
  }

  /** Checks the requirements and removes what that took. */
  public Report run(List<Requirement> requirements, Progress progress) {
    Instant started = Instant.now();
    Future<List<String>> swept = threads.submit(others::remove);
    List<Future<Outcome>> running = new ArrayList<>();
    for (Requirement requirement : requirements) {
      running.add(threads.submit(() -> limited(requirement)));
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < running.size(); i++) {
      Outcome outcome = await(running.get(i), requirements.get(i));
      outcomes.add(outcome);
      progress.finished(outcome, i + 1, running.size());
    }
    List<String> removed = swept(swept);
    if (!removed.isEmpty()) {
      progress.removed(removed);
    }
    List<String> left = cleanUp();
    return new Report(
        server,
        version(),
        nodeCount(),
        options.profile(),
        started,
        Duration.between(started, Instant.now()),
        outcomes,
        left);
  }

  private static List<String> swept(Future<List<String>> future) {
    try {
      return future.get();
    } catch (ExecutionException | CancellationException e) {
      // What others left is no part of this run.
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private static Outcome await(Future<Outcome> future, Requirement requirement) {
    try {
      return future.get();
    } catch (ExecutionException | CancellationException e) {
      return unfinished(requirement, "the run was interrupted");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unfinished(requirement, "the run was interrupted");
    }
  }

  private static Outcome unfinished(Requirement requirement, String why) {
    Verdict verdict = Verdict.notCheckable(Verdict.Cause.UNFINISHED, why);
    return new Outcome(requirement, "", verdict, "", Duration.ZERO);
  }

  private Outcome limited(Requirement requirement) throws InterruptedException {
    room.acquire();
    try {
      Instant started = Instant.now();
      Rows.Row row = Areas.row(rows, requirement);
      Verdict verdict = decide(requirement, row.check());
      String remedy = verdict instanceof Verdict.Fail ? row.remedy() : "";
      return new Outcome(
          requirement,
          row.check().how(),
          verdict,
          remedy,
          Duration.between(started, Instant.now()));
    } finally {
      room.release();
    }
  }

  private Verdict decide(Requirement requirement, Check check) {
    Scope scope = requirement.scope();
    boolean otherProfile =
        (scope == Scope.BASIC || scope == Scope.HIGH_PERFORMANCE)
            && !scope.toString().equals(options.profile());
    if (otherProfile) {
      return Verdict.notApplicable(
          "it binds the " + scope + " profile, and " + options.profile() + " is being checked");
    }
    Future<Verdict> running = threads.submit(() -> context.verdict(check));
    try {
      return running.get(options.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      running.cancel(true);
      return Verdict.notCheckable(
          Verdict.Cause.UNFINISHED,
          "the check did not end within " + options.patience().toSeconds() + " s");
    } catch (ExecutionException e) {
      return Failures.verdict(e.getCause());
    } catch (InterruptedException e) {
      running.cancel(true);
      Thread.currentThread().interrupt();
      return Verdict.notCheckable(Verdict.Cause.UNFINISHED, "the run was interrupted");
    }
  }

  private String version() {
    try {
      return Trees.stringOr(kube.get("/version"), "", "gitVersion");
    } catch (ApiException | UncheckedIOException e) {
      return "";
    }
  }

  private int nodeCount() {
    try {
      return context.nodes().size();
    } catch (ApiException | UncheckedIOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private synchronized List<String> cleanUp() {
    List<String> known = leftovers;
    if (known == null) {
      known = workspace.close();
      leftovers = known;
    }
    return known;
  }

  /** Ends the run, if it still goes, and removes whatever it has made. */
  @Override
  public void close() {
    threads.shutdownNow();
    cleanUp();
  }
}
