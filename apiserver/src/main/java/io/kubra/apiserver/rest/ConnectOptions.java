package io.kubra.apiserver.rest;

import io.kubra.api.meta.GroupVersionKind;
import io.kubra.apiserver.request.QueryParameters;
import io.kubra.apiserver.request.RequestContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the query of a connection says, as the object that admission sees: {@code PodExecOptions}
 * and its like.
 */
final class ConnectOptions {
  private ConnectOptions() {}

  /** Whether a subresource of this kind is connected to, and not read or written. */
  static boolean are(GroupVersionKind kind) {
    return kind.kind().endsWith("Options");
  }

  static Map<String, Object> of(RequestContext c, GroupVersionKind kind) {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("kind", kind.kind());
    options.put("apiVersion", kind.groupVersion().toString());
    QueryParameters query = c.query();
    switch (kind.kind()) {
      case "PodExecOptions", "PodAttachOptions" -> streams(options, query);
      case "PodPortForwardOptions" -> ports(options, query);
      default -> {
        String path = c.info().trailingPath();
        if (!path.isEmpty()) {
          options.put("path", "/" + path);
        }
      }
    }
    return options;
  }

  private static void streams(Map<String, Object> options, QueryParameters query) {
    flag(options, "stdin", query.flag("stdin"));
    flag(options, "stdout", !query.has("stdout") || query.flag("stdout"));
    flag(options, "stderr", !query.has("stderr") || query.flag("stderr"));
    flag(options, "tty", query.flag("tty"));
    if (!query.get("container").isEmpty()) {
      options.put("container", query.get("container"));
    }
    if (!query.all("command").isEmpty()) {
      options.put("command", new ArrayList<Object>(query.all("command")));
    }
  }

  private static void ports(Map<String, Object> options, QueryParameters query) {
    List<Object> ports = new ArrayList<>();
    for (String all : query.all("ports")) {
      for (String port : all.split(",")) {
        if (port.matches("[0-9]{1,9}")) {
          ports.add(Long.parseLong(port));
        }
      }
    }
    if (!ports.isEmpty()) {
      options.put("ports", ports);
    }
  }

  private static void flag(Map<String, Object> options, String name, boolean value) {
    if (value) {
      options.put(name, true);
    }
  }
}
