package io.kubra.apiserver.admission.webhook;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.meta.GroupVersionResource;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.ServedForm;
import io.kubra.apiserver.auth.UserInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Questions to webhooks: {@code AdmissionReview}s of admission.k8s.io with a request. */
final class Review {
  static final String GROUP = "admission.k8s.io";
  static final String KIND = "AdmissionReview";

  private Review() {}

  /**
   * A question.
   *
   * @param form the version of the resource that the webhook wants to see
   */
  static Map<String, Object> of(
      String uid, String version, AdmissionContext context, ServedForm form) {
    ServedForm requested = context.requested();
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("uid", uid);
    request.put("kind", kind(context.kindIn(form)));
    request.put("resource", resource(form.resource().gvr()));
    putUnlessEmpty(request, "subResource", context.subresource());
    request.put("requestKind", kind(context.kindIn(requested)));
    request.put("requestResource", resource(requested.resource().gvr()));
    putUnlessEmpty(request, "requestSubResource", context.subresource());
    putUnlessEmpty(request, "name", context.name());
    putUnlessEmpty(request, "namespace", context.namespace());
    request.put("operation", context.operation().name());
    request.put("userInfo", user(context.user()));
    put(request, "object", context.objectIn(form));
    put(request, "oldObject", context.oldObjectIn(form));
    request.put("dryRun", context.dryRun());
    put(request, "options", context.options().isEmpty() ? null : context.options());
    Map<String, Object> review = new LinkedHashMap<>();
    review.put("kind", KIND);
    review.put("apiVersion", GROUP + "/" + version);
    review.put("request", request);
    return review;
  }

  /** Absent values are sent as null, as upstream does. */
  @SuppressWarnings("NullAway")
  private static void put(Map<String, Object> to, String field, @Nullable Object value) {
    to.put(field, value);
  }

  private static void putUnlessEmpty(Map<String, Object> to, String field, String value) {
    if (!value.isEmpty()) {
      to.put(field, value);
    }
  }

  private static Map<String, Object> kind(GroupVersionKind kind) {
    return named(kind.group(), kind.version(), "kind", kind.kind());
  }

  private static Map<String, Object> resource(GroupVersionResource resource) {
    return named(resource.group(), resource.version(), "resource", resource.resource());
  }

  private static Map<String, Object> named(
      String group, String version, String field, String name) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("group", group);
    tree.put("version", version);
    tree.put(field, name);
    return tree;
  }

  private static Map<String, Object> user(UserInfo user) {
    Map<String, Object> tree = new LinkedHashMap<>();
    putUnlessEmpty(tree, "username", user.name());
    putUnlessEmpty(tree, "uid", user.uid());
    if (!user.groups().isEmpty()) {
      tree.put("groups", List.copyOf(user.groups()));
    }
    if (!user.extra().isEmpty()) {
      tree.put("extra", Map.copyOf(user.extra()));
    }
    return tree;
  }
}
