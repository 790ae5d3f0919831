package io.kubra.controllers.disruption;

import io.kubra.client.ResourceClient;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.SharedInformer;
import io.kubra.client.match.Selectors;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtime.Owners;
import io.kubra.controllers.runtime.Pods;
import io.kubra.model.IntOrString;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.meta.v1.Condition;
import io.kubra.model.policy.v1.PodDisruptionBudget;
import io.kubra.model.policy.v1.PodDisruptionBudgetSpec;
import io.kubra.model.policy.v1.PodDisruptionBudgetStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the status of PodDisruptionBudgets, which the eviction API consults: how many pods are
 * healthy, how many must be, and how many may go now. If that cannot be told, none may go.
 */
public final class DisruptionController implements AutoCloseable {
  private static final String ACCOUNT = "disruption-controller";
  // An evicted pod that is still there after this time is counted again.
  private static final Duration DELETION = Duration.ofMinutes(2);
  private static final String CONDITION = "DisruptionAllowed";

  private final SharedInformer<PodDisruptionBudget> budgets;
  private final SharedInformer<Pod> pods;
  private final ResourceClient<PodDisruptionBudget> client;
  private final Scales scales;
  private final EventRecorder events;
  private final InstantSource clock;
  private final Controller controller;

  /** Starts the controller; the context's informers are started by the caller. */
  public DisruptionController(ControllerContext context) {
    this.controller = context.controller("disruption", 2, this::reconcile);
    this.budgets = context.informers().informer(PodDisruptionBudget.RESOURCE);
    this.pods = context.informers().informer(Pod.RESOURCE);
    this.client = context.client(ACCOUNT).resource(PodDisruptionBudget.RESOURCE);
    this.scales = new Scales(context, context.client(ACCOUNT));
    this.events = context.recorder(ACCOUNT, "controllermanager");
    this.clock = context.clock();
    scales.sources().forEach(controller::needs);
    controller.watch(budgets).watch(pods, this::budgetsOf).start();
  }

  private List<String> budgetsOf(Pod pod) {
    return budgets.list(pod.metadata().namespace()).stream()
        .filter(b -> Selectors.matches(b.spec().selector(), pod.metadata().labels()))
        .map(PodDisruptionBudget::key)
        .toList();
  }

  private Duration reconcile(String key) {
    PodDisruptionBudget budget = budgets.getByKey(key);
    if (budget == null) {
      return Duration.ZERO;
    }
    Instant now = clock.instant();
    List<Pod> chosen =
        pods.list(budget.metadata().namespace()).stream()
            .filter(p -> Selectors.matches(budget.spec().selector(), p.metadata().labels()))
            .toList();
    if (chosen.isEmpty()) {
      events.normal(budget, "NoPods", "No matching pods found");
    }
    Map<String, Instant> disrupted = disrupted(budget, chosen, now);
    PodDisruptionBudgetStatus status;
    try {
      status = status(budget, chosen, disrupted, now);
    } catch (IllegalStateException e) {
      events.warning(
          budget,
          "CalculateExpectedPodCountFailed",
          "Failed to calculate the number of expected pods: " + e.getMessage());
      status =
          budget.status().toBuilder()
              .disruptionsAllowed(0)
              .conditions(
                  conditions(budget, false, "SyncFailed", String.valueOf(e.getMessage()), now))
              .observedGeneration(budget.metadata().generation())
              .build();
    }
    if (!status.equals(budget.status())) {
      client.updateStatus(budget.withStatus(status));
    }
    return disrupted.values().stream()
        .map(since -> Duration.between(now, since.plus(DELETION)).plusMillis(1))
        .filter(Duration::isPositive)
        .min(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** The evicted pods that are not yet seen going. */
  private Map<String, Instant> disrupted(
      PodDisruptionBudget budget, List<Pod> chosen, Instant now) {
    Map<String, Instant> kept = new LinkedHashMap<>();
    for (Pod pod : chosen) {
      Instant since = budget.status().disruptedPods().get(pod.metadata().name());
      if (since == null || Pods.terminating(pod)) {
        continue;
      }
      if (since.plus(DELETION).isBefore(now)) {
        events.warning(
            pod,
            "NotDeleted",
            "Pod was expected by PDB %s to be deleted but it wasn't".formatted(budget.key()));
      } else {
        kept.put(pod.metadata().name(), since);
      }
    }
    return kept;
  }

  private PodDisruptionBudgetStatus status(
      PodDisruptionBudget budget, List<Pod> chosen, Map<String, Instant> disrupted, Instant now) {
    PodDisruptionBudgetSpec spec = budget.spec();
    int expected;
    int desired;
    IntOrString most = spec.maxUnavailable();
    IntOrString least = spec.minAvailable();
    if (most != null) {
      expected = expected(budget, chosen);
      desired = Math.max(0, expected - most.scaled(expected, true));
    } else if (least instanceof IntOrString.Text) {
      expected = expected(budget, chosen);
      desired = least.scaled(expected, true);
    } else {
      expected = chosen.size();
      desired = least == null ? 0 : least.scaled(expected, true);
    }
    int healthy =
        (int)
            chosen.stream()
                .filter(p -> !Pods.terminating(p) && Pods.ready(p))
                .filter(p -> !disrupted.containsKey(p.metadata().name()))
                .count();
    int allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
    return budget.status().toBuilder()
        .currentHealthy(healthy)
        .desiredHealthy(desired)
        .expectedPods(expected)
        .disruptionsAllowed(allowed)
        .disruptedPods(disrupted)
        .observedGeneration(budget.metadata().generation())
        .conditions(
            conditions(
                budget, allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods", "", now))
        .build();
  }

  private int expected(PodDisruptionBudget budget, List<Pod> chosen) {
    if (chosen.stream().anyMatch(p -> Owners.controllerOf(p) == null)) {
      events.warning(
          budget,
          "UnmanagedPods",
          "Pods selected by this PodDisruptionBudget (selector: %s) were found to be unmanaged. As"
                  .formatted(budget.spec().selector())
              + " a result, the status of the PDB cannot be calculated correctly, which may result"
              + " in undefined behavior. To account for these pods please set"
              + " \".spec.minAvailable\" field of the PDB to an integer value.");
    }
    return scales.expected(chosen);
  }

  private static List<Condition> conditions(
      PodDisruptionBudget budget, boolean allowed, String reason, String message, Instant now) {
    String value = allowed ? "True" : "False";
    List<Condition> conditions = new ArrayList<>();
    @Nullable Instant since = null;
    for (Condition condition : budget.status().conditions()) {
      if (!condition.type().equals(CONDITION)) {
        conditions.add(condition);
      } else if (condition.status().equals(value)) {
        since = condition.lastTransitionTime();
      }
    }
    conditions.add(
        Condition.builder()
            .type(CONDITION)
            .status(value)
            .reason(reason)
            .message(message)
            .observedGeneration(budget.metadata().generation())
            .lastTransitionTime(since == null ? now : since)
            .build());
    return conditions;
  }

  @Override
  public void close() {
    controller.close();
  }
}
