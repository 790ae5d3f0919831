package io.kubra.apiserver.rest;

import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.storage.ServedResource;

/** Warns of resources that are on their way out. */
final class Deprecations {
  private Deprecations() {}

  static void warn(RequestContext c, ServedResource r) {
    if (!r.group().isEmpty()) {
      return;
    }
    switch (r.resource()) {
      case "endpoints" ->
          deprecated(
              c, "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
      case "componentstatuses" -> deprecated(c, "v1 ComponentStatus is deprecated in v1.19+");
      default -> {}
    }
  }

  private static void deprecated(RequestContext c, String warning) {
    c.warn(warning);
    c.annotations().add("k8s.io/deprecated", "true");
  }
}
