package io.kubra.apiserver.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Status objects for what went well. */
final class Statuses {
  private Statuses() {}

  static Map<String, Object> success(int code, @Nullable Map<String, Object> details) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("kind", "Status");
    status.put("apiVersion", "v1");
    status.put("metadata", new LinkedHashMap<>());
    status.put("status", "Success");
    if (details == null) {
      status.put("code", (long) code);
    } else {
      status.put("details", details);
    }
    return status;
  }
}
