package io.kubra.apiserver.admission.policy;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.expression.RequestValues;
import io.kubra.apiserver.admission.match.Targets;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Refuses, warns of and notes what validating policies speak against. */
final class ValidatingPolicies implements AdmissionPlugin {
  private static final String FAILURE = "validation.policy.admission.k8s.io/validation_failure";
  private static final int LONGEST_NOTE = 10 * 1024;

  private final Policies<ValidatingPolicy> policies;
  private final Invocations<ValidatingPolicy> invocations;
  private final PolicyMetrics metrics;

  ValidatingPolicies(ObjectReader objects, Authorizer authorizer, PolicyMetrics metrics) {
    this.policies =
        new Policies<>(
            objects,
            "validatingadmissionpolicies",
            "validatingadmissionpolicybindings",
            ValidatingPolicy::of);
    this.invocations = new Invocations<>(objects, authorizer, ValidatingPolicy::definition);
    this.metrics = metrics;
  }

  @Override
  public String name() {
    return "ValidatingAdmissionPolicy";
  }

  /** A finding for which the request is refused; without a binding it is about the policy. */
  private record Denial(
      Definition policy, @Nullable Binding binding, String message, String reason) {}

  @Override
  public void validate(AdmissionContext context) {
    List<Policies.Bound<ValidatingPolicy>> inForce = policies.inForce();
    if (inForce.isEmpty() || Targets.isOutsidePolicies(context)) {
      return;
    }
    Validation validation = new Validation(context);
    invocations.each(inForce, context, validation);
    validation.notes.forEach((key, values) -> context.annotate(key, String.join(", ", values)));
    if (!validation.denials.isEmpty()) {
      throw refusal(context, validation.denials.getFirst());
    }
  }

  /** What policies said of one request. */
  private final class Validation implements Invocations.Visitor<ValidatingPolicy> {
    private final AdmissionContext context;
    private final List<Denial> denials = new ArrayList<>(0);
    private final Map<String, Set<String>> notes = new LinkedHashMap<>(0);

    Validation(AdmissionContext context) {
      this.context = context;
    }

    @Override
    public boolean invoke(
        ValidatingPolicy policy,
        Binding binding,
        RequestValues request,
        @Nullable Map<String, Object> params) {
      long start = System.nanoTime();
      Definition definition = policy.definition();
      ValidatingPolicy.Result result = policy.evaluate(request, params);
      for (ValidatingPolicy.Finding finding : result.findings()) {
        act(definition, binding, finding, start);
      }
      result
          .notes()
          .forEach(
              (key, value) ->
                  notes
                      .computeIfAbsent(definition.name() + "/" + key, k -> new LinkedHashSet<>())
                      .add(cut(value)));
      return false;
    }

    @Override
    public void misconfigured(Definition policy, @Nullable Binding binding, String message) {
      if (!policy.ignoresFailures()) {
        denials.add(new Denial(policy, binding, message, ""));
      }
    }

    private void act(
        Definition policy, Binding binding, ValidatingPolicy.Finding finding, long start) {
      if (finding.always()) {
        metrics.validated(policy.name(), binding.name(), true, "deny", start);
        denials.add(new Denial(policy, binding, finding.message(), finding.reason()));
        return;
      }
      for (String action : binding.actions()) {
        metrics.validated(
            policy.name(),
            binding.name(),
            finding.failed(),
            action.toLowerCase(Locale.ROOT),
            start);
        switch (action) {
          case "Deny" ->
              denials.add(new Denial(policy, binding, finding.message(), finding.reason()));
          case "Warn" ->
              context.warn(
                  "Validation failed for ValidatingAdmissionPolicy '%s' with binding '%s': %s"
                      .formatted(policy.name(), binding.name(), finding.message()));
          case "Audit" -> context.annotate(FAILURE, note(policy, binding, finding));
          default -> {} // validation lets nothing else in
        }
      }
    }
  }

  private static String cut(String note) {
    return note.length() > LONGEST_NOTE ? note.substring(0, LONGEST_NOTE) : note;
  }

  private static String note(Definition policy, Binding binding, ValidatingPolicy.Finding finding) {
    Map<String, Object> note = new LinkedHashMap<>();
    note.put("message", finding.message());
    note.put("policy", policy.name());
    note.put("binding", binding.name());
    note.put("expressionIndex", (long) finding.index());
    note.put("validationActions", binding.actions());
    return Json.toString(List.of(note));
  }

  private static ApiException refusal(AdmissionContext context, Denial denial) {
    String with = denial.binding() == null ? "" : " with binding '" + denial.binding().name() + "'";
    String message =
        "ValidatingAdmissionPolicy '%s'%s denied request: %s"
            .formatted(denial.policy().name(), with, denial.message());
    return Refusals.refusal(context, message, denial.reason()).withCause("", message, null);
  }
}
