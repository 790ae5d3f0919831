package io.kubra.apiserver.admission.policy;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.expression.RequestValues;
import io.kubra.apiserver.admission.match.Targets;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.cel.CelException;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets mutating policies change objects, one after the other. */
final class MutatingPolicies implements AdmissionPlugin {
  private final Policies<MutatingPolicy> policies;
  private final Invocations<MutatingPolicy> invocations;
  private final PolicyMetrics metrics;

  MutatingPolicies(ObjectReader objects, Authorizer authorizer, PolicyMetrics metrics) {
    this.policies =
        new Policies<>(
            objects,
            "mutatingadmissionpolicies",
            "mutatingadmissionpolicybindings",
            MutatingPolicy::of);
    this.invocations = new Invocations<>(objects, authorizer, MutatingPolicy::definition);
    this.metrics = metrics;
  }

  @Override
  public String name() {
    return "MutatingAdmissionPolicy";
  }

  /** What is to be remembered between the two rounds of one request. */
  private static final class Round {
    private final Set<List<String>> applied = new HashSet<>();
    private final Set<List<String>> due = new HashSet<>();
    private @Nullable Object left;

    void changed() {
      due.addAll(applied);
      applied.clear();
    }
  }

  /** A policy that could not be applied. */
  private record Failure(String message, boolean invalid) {}

  @Override
  public void mutate(AdmissionContext context) {
    List<Policies.Bound<MutatingPolicy>> inForce = policies.inForce();
    if (inForce.isEmpty() || context.object() == null || Targets.isOutsidePolicies(context)) {
      return;
    }
    Round round = context.reinvocation().note(Round.class, Round::new);
    if (context.reinvocation().repeating()
        && !round.applied.isEmpty()
        && !Trees.equal(round.left, context.object())) {
      round.changed();
    }
    Mutation mutation = new Mutation(round);
    invocations.each(inForce, context, mutation);
    if (mutation.changed) {
      context.reinvocation().request();
    }
    if (!round.applied.isEmpty()) {
      round.left = Trees.copyOrNull(context.object());
    }
    if (!mutation.failures.isEmpty()) {
      throw refusal(context, mutation.failures);
    }
  }

  /** One round of changes to one object. */
  private final class Mutation implements Invocations.Visitor<MutatingPolicy> {
    private final Round round;
    private final List<Failure> failures = new ArrayList<>(0);
    private boolean changed;

    Mutation(Round round) {
      this.round = round;
    }

    @Override
    public void misconfigured(Definition policy, @Nullable Binding binding, String message) {
      failed(policy, binding, message, false);
    }

    @Override
    public boolean invoke(
        MutatingPolicy policy,
        Binding binding,
        RequestValues request,
        @Nullable Map<String, Object> params) {
      try {
        if (!policy.concerns(request, params)) {
          return false;
        }
      } catch (CelException e) {
        failed(policy.definition(), binding, e.message(), true);
        return false;
      }
      List<String> key =
          List.of(
              policy.definition().name(),
              binding.name(),
              Trees.stringOr(params, "", "metadata", "namespace"),
              Trees.stringOr(params, "", "metadata", "name"));
      if (request.context().reinvocation().repeating() && !round.due.contains(key)) {
        return false;
      }
      boolean another = false;
      for (MutatingPolicy.Mutation change : policy.mutations()) {
        another |= apply(policy, change, binding, request, params);
      }
      if (another) {
        changed = true;
        round.changed();
      }
      if (policy.repeats()) {
        round.applied.add(key);
      }
      return another;
    }

    /** Makes one change; returns whether the object is another now. */
    private boolean apply(
        MutatingPolicy policy,
        MutatingPolicy.Mutation change,
        Binding binding,
        RequestValues request,
        @Nullable Map<String, Object> params) {
      AdmissionContext context = request.context();
      Map<String, Object> before = context.objectIn(request.form());
      if (before == null) {
        return false;
      }
      long start = System.nanoTime();
      try {
        Map<String, Object> after = policy.mutated(change, before, request, params);
        boolean another = !Trees.equal(before, after);
        if (another) {
          context.replaceObject(after, request.form());
          request.objectChanged();
        }
        metrics.mutated(policy.definition().name(), binding.name(), false, start);
        return another;
      } catch (CelException e) {
        metrics.mutated(policy.definition().name(), binding.name(), true, start);
        failed(policy.definition(), binding, e.message(), true);
        return false;
      }
    }

    private void failed(Definition policy, @Nullable Binding binding, String why, boolean invalid) {
      if (!policy.ignoresFailures()) {
        String message =
            binding == null
                ? "policy \"%s\" denied request: %s".formatted(policy.name(), why)
                : "policy '%s' with binding '%s' denied request: %s"
                    .formatted(policy.name(), binding.name(), why);
        failures.add(new Failure(message, invalid));
      }
    }
  }

  /** The text is the first failure's alone; all are causes. */
  private static ApiException refusal(AdmissionContext context, List<Failure> failures) {
    Map<String, Object> status = Refusals.refusal(context, "", "Forbidden").toStatus();
    status.put("message", failures.getFirst().message());
    if (failures.getFirst().invalid()) {
      status.put("reason", "Invalid");
    }
    ApiException refusal = ApiException.fromStatus(status);
    for (Failure failure : failures) {
      refusal = refusal.withCause("", failure.message(), null);
    }
    return refusal;
  }
}
