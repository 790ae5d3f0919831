package io.kubra.apiserver.rules.pod;

import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.check.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks of probes and lifecycle hooks. */
final class ProbeChecks {
  private ProbeChecks() {}

  static void lifecycle(Checks checks, FieldPath path, @Nullable Map<String, Object> lifecycle) {
    for (String hook : List.of("postStart", "preStop")) {
      Map<String, Object> handler = Trees.map(lifecycle, hook);
      if (handler != null) {
        handler(
            checks, path.child(hook), handler, List.of("exec", "httpGet", "tcpSocket", "sleep"));
      }
    }
  }

  static void probe(
      Checks checks, FieldPath path, @Nullable Map<String, Object> probe, boolean onceIsEnough) {
    if (probe == null) {
      return;
    }
    handler(checks, path, probe, List.of("exec", "httpGet", "tcpSocket", "grpc"));
    for (String field :
        List.of(
            "initialDelaySeconds",
            "timeoutSeconds",
            "periodSeconds",
            "successThreshold",
            "failureThreshold")) {
      checks.notNegative(path.child(field), Trees.integer(probe, field));
    }
    Long grace = Trees.integer(probe, "terminationGracePeriodSeconds");
    if (grace != null && grace <= 0) {
      checks.invalid(path.child("terminationGracePeriodSeconds"), grace, "must be greater than 0");
    }
    Long successes = Trees.integer(probe, "successThreshold");
    if (onceIsEnough && successes != null && successes != 1) {
      checks.invalid(path.child("successThreshold"), successes, "must be 1");
    }
  }

  private static void handler(
      Checks checks, FieldPath path, Map<String, Object> handler, List<String> kinds) {
    List<String> given = new ArrayList<>();
    for (String kind : kinds) {
      Map<String, Object> action = Trees.map(handler, kind);
      if (action == null) {
        continue;
      }
      if (!given.isEmpty()) {
        checks.forbidden(path.child(kind), "may not specify more than 1 handler type");
      } else {
        action(checks, path.child(kind), kind, action);
      }
      given.add(kind);
    }
    if (given.isEmpty()) {
      checks.required(path, "must specify a handler type");
    }
  }

  private static void action(
      Checks checks, FieldPath path, String kind, Map<String, Object> action) {
    switch (kind) {
      case "exec" -> {
        if (Trees.list(action, "command").isEmpty()) {
          checks.required(path.child("command"), "");
        }
      }
      case "httpGet" -> {
        checks.present(path.child("path"), Trees.string(action, "path"));
        checks.portNumberOrName(path.child("port"), action.get("port"));
        checks.oneOf(path.child("scheme"), Trees.string(action, "scheme"), "HTTP", "HTTPS");
        int i = 0;
        for (Map<String, Object> header : Trees.maps(action, "httpHeaders")) {
          checks.name(
              path.child("httpHeaders").index(i++).child("name"),
              Trees.string(header, "name"),
              Names::httpHeaderName);
        }
      }
      case "tcpSocket" -> checks.portNumberOrName(path.child("port"), action.get("port"));
      case "grpc" -> checks.port(path.child("port"), Trees.integerOr(action, 0, "port"));
      default -> checks.notNegative(path.child("seconds"), Trees.integer(action, "seconds"));
    }
  }
}
