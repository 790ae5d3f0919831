package io.kubra.apiserver.admission.match;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.selector.LabelSelector;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.admission.ServedForm;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides whether requests meet criteria. */
public final class RequestMatcher {
  private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");
  private final ObjectReader objects;

  public RequestMatcher(ObjectReader objects) {
    this.objects = objects;
  }

  /**
   * The version in which the criteria want to see the request's object: the one of the request, or
   * an equivalent one that a rule names; null if the request is not meant.
   *
   * @throws ApiException 404 if the namespace, whose labels are asked for, does not exist
   */
  public @Nullable ServedForm match(MatchCriteria criteria, AdmissionContext request) {
    // Rules cost the least, so they come first; the outcome does not depend on the order.
    ServedForm form = criteria.anyResource() ? request.requested() : form(criteria, request);
    if (form == null
        || (!criteria.excluded().isEmpty()
            && form(criteria.excluded(), criteria.equivalent(), request) != null)
        || !matchesObject(criteria.objects(), request)
        || !matchesNamespace(criteria.namespaces(), request)) {
      return null;
    }
    return form;
  }

  private static @Nullable ServedForm form(MatchCriteria criteria, AdmissionContext request) {
    return form(criteria.rules(), criteria.equivalent(), request);
  }

  private static @Nullable ServedForm form(
      List<MatchRule> rules, boolean equivalent, AdmissionContext request) {
    ServedForm requested = request.requested();
    for (MatchRule rule : rules) {
      if (rule.matches(request, requested.resource().gvr())) {
        return requested;
      }
    }
    if (!equivalent) {
      return null;
    }
    List<ServedForm> others = request.equivalents();
    if (others.size() < 2) {
      return null;
    }
    for (MatchRule rule : rules) {
      for (ServedForm other : others) {
        if (hasSubresource(other, request) && rule.matches(request, other.resource().gvr())) {
          return other;
        }
      }
    }
    return null;
  }

  /** Whether what the request is about exists in another version at all. */
  private static boolean hasSubresource(ServedForm other, AdmissionContext request) {
    return request.subresource().isEmpty()
        || other.resource().subresource(request.subresource()) != null;
  }

  private static boolean matchesObject(LabelSelector selector, AdmissionContext request) {
    return selector.everything()
        || hasLabels(selector, request.object())
        || hasLabels(selector, request.oldObject());
  }

  /** What has no metadata, such as options, is not selected, not even by a negation. */
  private static boolean hasLabels(LabelSelector selector, @Nullable Map<String, Object> object) {
    return object != null
        && Trees.map(object, "metadata") != null
        && selector.matches(Trees.map(object, "metadata", "labels"));
  }

  private boolean matchesNamespace(LabelSelector selector, AdmissionContext request) {
    if (selector.everything()) {
      return true;
    }
    if (Targets.isNamespace(request)
        && request.subresource().isEmpty()
        && (request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE)) {
      return selector.matches(Trees.map(request.object(), "metadata", "labels"));
    }
    if (request.namespace().isEmpty()) {
      return true;
    }
    Map<String, Object> namespace = objects.get(NAMESPACES, "", request.namespace());
    if (namespace == null) {
      throw ApiException.notFound("", "namespaces", request.namespace());
    }
    return selector.matches(Trees.map(namespace, "metadata", "labels"));
  }
}
