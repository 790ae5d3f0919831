package io.kubra.apiserver.connect;

import io.kubra.api.status.ApiException;

/** The name in a proxy request: {@code name}, {@code name:port} or {@code scheme:name:port}. */
record ProxyTarget(String scheme, String name, String port) {

  static ProxyTarget parse(String resource, String id) {
    String[] parts = id.split(":", -1);
    ProxyTarget target =
        switch (parts.length) {
          case 1 -> new ProxyTarget("", parts[0], "");
          case 2 -> new ProxyTarget("", parts[0], parts[1]);
          case 3 -> new ProxyTarget(parts[0], parts[1], parts[2]);
          default -> new ProxyTarget("", "", "");
        };
    boolean knownScheme =
        target.scheme.isEmpty() || target.scheme.equals("http") || target.scheme.equals("https");
    if (target.name.isEmpty() || !knownScheme) {
      throw ApiException.badRequest("invalid %s request \"%s\"".formatted(resource, id));
    }
    return target;
  }

  String schemeOrHttp() {
    return scheme.isEmpty() ? "http" : scheme;
  }
}
