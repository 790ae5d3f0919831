package io.kubra.apiserver.admission.policy;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
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
  private final RequestMatcher matcher;
  private final Parameters parameters;
  private final ObjectReader objects;
  private final Authorizer authorizer;
  private final PolicyMetrics metrics;

  ValidatingPolicies(ObjectReader objects, Authorizer authorizer, PolicyMetrics metrics) {
    this.policies =
        new Policies<>(
            objects,
            "validatingadmissionpolicies",
            "validatingadmissionpolicybindings",
            ValidatingPolicy::of);
    this.matcher = new RequestMatcher(objects);
    this.parameters = new Parameters(objects);
    this.objects = objects;
    this.authorizer = authorizer;
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
    List<Denial> denials = new ArrayList<>(0);
    for (Policies.Bound<ValidatingPolicy> bound : inForce) {
      evaluate(bound, context, denials);
    }
    if (!denials.isEmpty()) {
      throw refusal(context, denials.getFirst());
    }
  }

  private void evaluate(
      Policies.Bound<ValidatingPolicy> bound, AdmissionContext context, List<Denial> denials) {
    Definition definition = bound.policy().definition();
    ServedForm form;
    try {
      form = matcher.match(definition.criteria(), context);
    } catch (ApiException e) {
      misconfigured(definition, null, e.message(), denials);
      return;
    }
    if (form == null) {
      return;
    }
    RequestValues request = new RequestValues(context, form, objects, authorizer);
    Map<String, Set<String>> notes = new LinkedHashMap<>();
    for (Binding binding : bound.bindings()) {
      List<@Nullable Map<String, Object>> params;
      try {
        if (matcher.match(binding.criteria(), context) == null) {
          continue;
        }
        params = parameters.find(definition.paramKind(), binding, context.namespace());
      } catch (ApiException | CelException e) {
        misconfigured(definition, binding, String.valueOf(e.getMessage()), denials);
        continue;
      }
      for (Map<String, Object> param : params) {
        long start = System.nanoTime();
        ValidatingPolicy.Result result = bound.policy().evaluate(request, param);
        for (ValidatingPolicy.Finding finding : result.findings()) {
          act(definition, binding, finding, context, denials, start);
        }
        result
            .notes()
            .forEach((k, v) -> notes.computeIfAbsent(k, n -> new LinkedHashSet<>()).add(cut(v)));
      }
    }
    notes.forEach((k, v) -> context.annotate(definition.name() + "/" + k, String.join(", ", v)));
  }

  private static String cut(String note) {
    return note.length() > LONGEST_NOTE ? note.substring(0, LONGEST_NOTE) : note;
  }

  private static void misconfigured(
      Definition definition, @Nullable Binding binding, String why, List<Denial> denials) {
    if (!definition.ignoresFailures()) {
      String what = binding == null ? "policy" : "binding";
      denials.add(new Denial(definition, binding, "failed to configure " + what + ": " + why, ""));
    }
  }

  private void act(
      Definition policy,
      Binding binding,
      ValidatingPolicy.Finding finding,
      AdmissionContext context,
      List<Denial> denials,
      long start) {
    if (finding.always()) {
      metrics.validated(policy.name(), binding.name(), true, "deny", start);
      denials.add(new Denial(policy, binding, finding.message(), finding.reason()));
      return;
    }
    for (String action : binding.actions()) {
      metrics.validated(
          policy.name(), binding.name(), finding.failed(), action.toLowerCase(Locale.ROOT), start);
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
