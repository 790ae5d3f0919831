package io.kubra.apiserver.rest;

import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.storage.Write;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads from a request who writes and how. */
final class WriteRequest {
  private static final int MAX_MANAGER = 128;

  private WriteRequest() {}

  /**
   * The parameters that all writes share.
   *
   * @throws ApiException 422 for an unknown dryRun or a bad field manager
   */
  static Write of(RequestContext c, String optionsKind) {
    checkDryRun(c, optionsKind);
    String manager = c.query().get("fieldManager");
    if (manager.length() > MAX_MANAGER) {
      throw ApiException.invalid(
          "meta.k8s.io",
          optionsKind,
          "",
          List.of(FieldError.tooLong("fieldManager", manager, MAX_MANAGER)));
    }
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("kind", optionsKind);
    options.put("apiVersion", "meta.k8s.io/v1");
    if (c.dryRun()) {
      options.put("dryRun", List.of("All"));
    }
    if (!manager.isEmpty()) {
      options.put("fieldManager", manager);
    }
    return new Write(
        c.user(),
        manager.isEmpty() ? fromUserAgent(c) : manager,
        c.dryRun(),
        true,
        options,
        c::warn,
        c.annotations());
  }

  /** A connection, which has no options of a write. */
  static Write ofConnection(RequestContext c) {
    return new Write(c.user(), fromUserAgent(c), false, true, Map.of(), c::warn, c.annotations());
  }

  private static void checkDryRun(RequestContext c, String optionsKind) {
    for (String value : c.query().all("dryRun")) {
      if (!value.equals("All")) {
        throw ApiException.invalid(
            "meta.k8s.io",
            optionsKind,
            "",
            List.of(FieldError.notSupported("dryRun", value, List.of("All"))));
      }
    }
  }

  /** What comes before the slash in {@code kubectl/v1.32.0 (linux/amd64)}. */
  private static String fromUserAgent(RequestContext c) {
    String agent = c.exchange().headers().getOr("user-agent", "");
    int slash = agent.indexOf('/');
    String prefix = slash < 0 ? agent : agent.substring(0, slash);
    if (prefix.length() > MAX_MANAGER) {
      prefix = prefix.substring(0, MAX_MANAGER);
    }
    return prefix.isEmpty() ? "unknown" : prefix;
  }
}
