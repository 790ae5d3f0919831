package io.kubra.transport.http;

import java.net.URI;

/** Where connections go: a scheme, a host and a port. */
record Origin(boolean tls, String host, int port) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  static Origin of(URI uri) {
    String scheme = uri.getScheme();
    String host = uri.getHost();
    if (scheme == null || host == null) {
      throw new IllegalArgumentException("not an absolute URI with a host: " + uri);
    }
    boolean tls =
        switch (scheme) {
          case "https", "wss" -> true;
          case "http", "ws" -> false;
          default -> throw new IllegalArgumentException("not an HTTP scheme: " + scheme);
        };
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? HTTPS : HTTP;
    return new Origin(tls, host, port);
  }

  /** The host for the resolver: IPv6 addresses without brackets. */
  String plainHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** The value of the Host header. */
  String authority() {
    return port == (tls ? HTTPS : HTTP) ? host : host + ":" + port;
  }

  @Override
  public String toString() {
    return (tls ? "https://" : "http://") + host + ":" + port;
  }
}
