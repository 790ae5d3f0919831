package io.kubra.apiserver.admission.policy;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import java.util.Map;

/** Refusals by policies, which may have other reasons than that something is forbidden. */
final class Refusals {
  private Refusals() {}

  /**
   * {@code pods "web" is forbidden: why}.
   *
   * @param reason of the Status; empty for Invalid
   */
  static ApiException refusal(AdmissionContext context, String why, String reason) {
    Map<String, Object> status =
        ApiException.forbidden(
                context.resource().gvr().group(),
                context.resource().gvr().resource(),
                name(context),
                why)
            .toStatus();
    status.put("reason", reason.isEmpty() ? "Invalid" : reason);
    status.put("code", code(reason));
    return ApiException.fromStatus(status);
  }

  private static long code(String reason) {
    return switch (reason) {
      case "Forbidden" -> 403;
      case "Unauthorized" -> 401;
      case "RequestEntityTooLarge" -> 413;
      default -> 422;
    };
  }

  private static String name(AdmissionContext context) {
    if (!context.name().isEmpty()) {
      return context.name();
    }
    return Trees.stringOr(context.object(), "Unknown", "metadata", "name");
  }
}
