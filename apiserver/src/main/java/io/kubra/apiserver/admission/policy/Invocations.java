package io.kubra.apiserver.admission.policy;

import io.kubra.api.status.ApiException;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.ServedForm;
import io.kubra.apiserver.admission.expression.RequestValues;
import io.kubra.apiserver.admission.match.RequestMatcher;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.cel.CelException;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which policies a request concerns, through which bindings and with which parameters.
 *
 * @param <P> a policy
 */
final class Invocations<P> {
  private final Function<P, Definition> definitions;
  private final RequestMatcher matcher;
  private final Parameters parameters;
  private final ObjectReader objects;
  private final Authorizer authorizer;

  Invocations(ObjectReader objects, Authorizer authorizer, Function<P, Definition> definitions) {
    this.definitions = definitions;
    this.matcher = new RequestMatcher(objects);
    this.parameters = new Parameters(objects);
    this.objects = objects;
    this.authorizer = authorizer;
  }

  /** What is done with what was found. */
  interface Visitor<P> {
    /** A policy is to be evaluated; returns whether the request's object is another now. */
    boolean invoke(
        P policy, Binding binding, RequestValues request, @Nullable Map<String, Object> params);

    /** It cannot be found out; without a binding it is the policy's fault. */
    void misconfigured(Definition policy, @Nullable Binding binding, String message);
  }

  /** Goes through the policies in their order. */
  void each(List<Policies.Bound<P>> policies, AdmissionContext context, Visitor<P> visitor) {
    Map<ServedForm, RequestValues> views = new HashMap<>(2);
    for (Policies.Bound<P> bound : policies) {
      Definition definition = definitions.apply(bound.policy());
      ServedForm form;
      try {
        form = matcher.match(definition.criteria(), context);
      } catch (ApiException e) {
        visitor.misconfigured(definition, null, "failed to configure policy: " + e.message());
        continue;
      }
      if (form != null) {
        RequestValues request =
            views.computeIfAbsent(form, f -> new RequestValues(context, f, objects, authorizer));
        for (Binding binding : bound.bindings()) {
          if (bind(bound.policy(), definition, binding, request, visitor)) {
            views.values().forEach(RequestValues::objectChanged);
          }
        }
      }
    }
  }

  private boolean bind(
      P policy, Definition definition, Binding binding, RequestValues request, Visitor<P> visitor) {
    List<@Nullable Map<String, Object>> params;
    try {
      if (matcher.match(binding.criteria(), request.context()) == null) {
        return false;
      }
      params = parameters.find(definition.paramKind(), binding, request.context().namespace());
    } catch (ApiException | CelException e) {
      visitor.misconfigured(definition, binding, "failed to configure binding: " + e.getMessage());
      return false;
    }
    boolean changed = false;
    for (Map<String, Object> one : params) {
      changed |= visitor.invoke(policy, binding, request, one);
    }
    return changed;
  }
}
