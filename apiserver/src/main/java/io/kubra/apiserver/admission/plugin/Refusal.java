package io.kubra.apiserver.admission.plugin;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;

/** Refusals in the words of upstream's admission plugins. */
final class Refusal {
  private Refusal() {}

  /** {@code pods "web" is forbidden: why}. */
  static ApiException forbidden(AdmissionContext context, String why) {
    return ApiException.forbidden(
        context.resource().gvr().group(), context.resource().gvr().resource(), name(context), why);
  }

  /** The object's name; its prefix if the name is still to be generated. */
  static String name(AdmissionContext context) {
    if (!context.name().isEmpty()) {
      return context.name();
    }
    String generate = Trees.stringOr(context.object(), "Unknown", "metadata", "generateName");
    return Trees.stringOr(context.object(), generate, "metadata", "name");
  }
}
