package io.kubra.apiserver.admission.policy;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.ServedForm;
import io.kubra.apiserver.admission.expression.RequestValues;
import io.kubra.apiserver.admission.match.RequestMatcher;
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
  private final RequestMatcher matcher;
  private final Parameters parameters;
  private final ObjectReader objects;
  private final Authorizer authorizer;
  private final PolicyMetrics metrics;

  MutatingPolicies(ObjectReader objects, Authorizer authorizer, PolicyMetrics metrics) {
    this.policies =
        new Policies<>(
            objects,
            "mutatingadmissionpolicies",
            "mutatingadmissionpolicybindings",
            MutatingPolicy::of);
    this.matcher = new RequestMatcher(objects);
    this.parameters = new Parameters(objects);
    this.objects = objects;
    this.authorizer = authorizer;
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
    List<Failure> failures = new ArrayList<>(0);
    boolean changed = false;
    for (Policies.Bound<MutatingPolicy> bound : inForce) {
      changed |= apply(bound, context, round, failures);
    }
    if (changed) {
      context.reinvocation().request();
    }
    if (!round.applied.isEmpty()) {
      round.left = Trees.copyOrNull(context.object());
    }
    if (!failures.isEmpty()) {
      throw refusal(context, failures);
    }
  }

  /** Applies a policy with all its bindings; returns whether the object is another now. */
  private boolean apply(
      Policies.Bound<MutatingPolicy> bound,
      AdmissionContext context,
      Round round,
      List<Failure> failures) {
    MutatingPolicy policy = bound.policy();
    Definition definition = policy.definition();
    ServedForm form;
    try {
      form = matcher.match(definition.criteria(), context);
    } catch (ApiException e) {
      failed(definition, null, "failed to configure policy: " + e.message(), false, failures);
      return false;
    }
    if (form == null) {
      return false;
    }
    RequestValues request = new RequestValues(context, form, objects, authorizer);
    boolean changed = false;
    for (Binding binding : bound.bindings()) {
      List<@Nullable Map<String, Object>> params;
      try {
        if (matcher.match(binding.criteria(), context) == null) {
          continue;
        }
        params = parameters.find(definition.paramKind(), binding, context.namespace());
      } catch (ApiException | CelException e) {
        failed(
            definition, binding, "failed to configure binding: " + e.getMessage(), false, failures);
        continue;
      }
      for (Map<String, Object> param : params) {
        changed |= apply(policy, binding, request, param, round, failures);
      }
    }
    return changed;
  }

  private boolean apply(
      MutatingPolicy policy,
      Binding binding,
      RequestValues request,
      @Nullable Map<String, Object> params,
      Round round,
      List<Failure> failures) {
    AdmissionContext context = request.context();
    try {
      if (!policy.concerns(request, params)) {
        return false;
      }
    } catch (CelException e) {
      failed(policy.definition(), binding, e.message(), true, failures);
      return false;
    }
    List<String> key =
        List.of(
            policy.definition().name(),
            binding.name(),
            Trees.stringOr(params, "", "metadata", "namespace"),
            Trees.stringOr(params, "", "metadata", "name"));
    if (context.reinvocation().repeating() && !round.due.contains(key)) {
      return false;
    }
    boolean changed = false;
    for (MutatingPolicy.Mutation mutation : policy.mutations()) {
      Map<String, Object> before = context.objectIn(request.form());
      if (before == null) {
        break;
      }
      long start = System.nanoTime();
      try {
        Map<String, Object> after = policy.mutated(mutation, before, request, params);
        if (!Trees.equal(before, after)) {
          context.replaceObject(after, request.form());
          request.objectChanged();
          changed = true;
        }
        metrics.mutated(policy.definition().name(), binding.name(), false, start);
      } catch (CelException e) {
        metrics.mutated(policy.definition().name(), binding.name(), true, start);
        failed(policy.definition(), binding, e.message(), true, failures);
      }
    }
    if (changed) {
      round.changed();
    }
    if (policy.repeats()) {
      round.applied.add(key);
    }
    return changed;
  }

  private static void failed(
      Definition definition,
      @Nullable Binding binding,
      String why,
      boolean invalid,
      List<Failure> failures) {
    if (!definition.ignoresFailures()) {
      String message =
          binding == null
              ? "policy \"%s\" denied request: %s".formatted(definition.name(), why)
              : "policy '%s' with binding '%s' denied request: %s"
                  .formatted(definition.name(), binding.name(), why);
      failures.add(new Failure(message, invalid));
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
