package io.kubra.apiserver;

import io.kubra.api.status.ApiException;
import io.kubra.apiserver.auth.RequestAttributes;

/** The texts of refused requests. */
final class Refusals {
  private Refusals() {}

  static ApiException forbidden(RequestAttributes a, String reason) {
    StringBuilder why = new StringBuilder("User \"").append(a.user().name()).append("\" cannot ");
    if (!a.resourceRequest()) {
      why.append(a.verb()).append(" path \"").append(a.path()).append('"');
      append(why, reason);
      return ApiException.generic(403, "Forbidden", "forbidden: " + why);
    }
    String resource =
        a.subresource().isEmpty() ? a.resource() : a.resource() + "/" + a.subresource();
    why.append(a.verb())
        .append(" resource \"")
        .append(resource)
        .append("\" in API group \"")
        .append(a.group())
        .append('"');
    if (a.namespace().isEmpty()) {
      why.append(" at the cluster scope");
    } else {
      why.append(" in the namespace \"").append(a.namespace()).append('"');
    }
    append(why, reason);
    return ApiException.forbidden(a.group(), a.resource(), a.name(), why.toString());
  }

  private static void append(StringBuilder why, String reason) {
    if (!reason.isEmpty()) {
      why.append(": ").append(reason);
    }
  }
}
