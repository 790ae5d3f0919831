package io.kubra.apiserver.admission.expression;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.meta.GroupVersionResource;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.ServedForm;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.cel.AuthorizerValue;
import io.kubra.apiserver.cel.Values;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a request gives to expressions, by name; made when it is asked for. For one request and one
 * version of its object; used by the request's thread.
 */
public final class RequestValues implements Function<String, @Nullable Object> {
  private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");

  private final AdmissionContext context;
  private final ServedForm form;
  private final ObjectReader objects;
  private final Authorizer authorizer;
  private final Map<String, Object> known = new HashMap<>();

  public RequestValues(
      AdmissionContext context, ServedForm form, ObjectReader objects, Authorizer authorizer) {
    this.context = context;
    this.form = form;
    this.objects = objects;
    this.authorizer = authorizer;
  }

  @Override
  public @Nullable Object apply(String name) {
    Object value = known.get(name);
    if (value == null) {
      value = make(name);
      if (value != null) {
        known.put(name, value);
      }
    }
    return value;
  }

  /** The version in which the object is shown. */
  public ServedForm form() {
    return form;
  }

  /** The request itself. */
  public AdmissionContext context() {
    return context;
  }

  /** Forgets the object, which has changed. */
  public void objectChanged() {
    known.remove("object");
  }

  private @Nullable Object make(String name) {
    return switch (name) {
      case "object" -> Values.of(context.objectIn(form));
      case "oldObject" -> Values.of(context.oldObjectIn(form));
      case "request" -> Values.of(request());
      case "namespaceObject" -> namespace();
      case "authorizer" -> new AuthorizerValue(authorizer, context.user());
      case "authorizer.requestResource" ->
          new AuthorizerValue(authorizer, context.user())
              .resource(
                  context.requested().resource().gvr().group(),
                  context.requested().resource().gvr().resource())
              .withSubresource(context.subresource())
              .withNamespace(context.namespace())
              .withName(context.name());
      default -> null;
    };
  }

  private Object namespace() {
    boolean own = context.resource().groupResource().equals(NAMESPACES);
    return own || context.namespace().isEmpty()
        ? Values.NULL
        : Values.of(objects.get(NAMESPACES, "", context.namespace()));
  }

  private Map<String, Object> request() {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("kind", kind(context.kindIn(form)));
    request.put("resource", resource(form.resource().gvr()));
    request.put("subResource", context.subresource());
    request.put("requestKind", kind(context.kindIn(context.requested())));
    request.put("requestResource", resource(context.requested().resource().gvr()));
    request.put("requestSubResource", context.subresource());
    request.put("name", context.name());
    request.put("namespace", context.namespace());
    request.put("operation", context.operation().name());
    request.put("userInfo", user(context.user()));
    request.put("dryRun", context.dryRun());
    request.put("options", context.options());
    return request;
  }

  private static Map<String, Object> kind(GroupVersionKind kind) {
    return Map.of("group", kind.group(), "version", kind.version(), "kind", kind.kind());
  }

  private static Map<String, Object> resource(GroupVersionResource r) {
    return Map.of("group", r.group(), "version", r.version(), "resource", r.resource());
  }

  /** What is empty is not there. */
  private static Map<String, Object> user(UserInfo user) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("username", user.name());
    if (!user.uid().isEmpty()) {
      tree.put("uid", user.uid());
    }
    if (!user.groups().isEmpty()) {
      tree.put("groups", user.groups());
    }
    if (!user.extra().isEmpty()) {
      tree.put("extra", user.extra());
    }
    return tree;
  }
}
