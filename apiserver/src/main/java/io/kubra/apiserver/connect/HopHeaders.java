package io.kubra.apiserver.connect;

import io.kubra.transport.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which header fields a proxy passes on. */
final class HopHeaders {
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "host",
          "content-length");

  private static final String BEARER_PROTOCOL = "base64url.bearer.authorization.k8s.io.";

  private HopHeaders() {}

  /** A request's fields without what concerns this server only: its connection and credentials. */
  static HttpHeaders request(HttpHeaders from) {
    HttpHeaders to = new HttpHeaders();
    Set<String> named = connectionTokens(from);
    from.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          boolean credentials = lower.equals("authorization") || lower.startsWith("impersonate-");
          if (!HOP_BY_HOP.contains(lower) && !named.contains(lower) && !credentials) {
            to.add(name, value);
          }
        });
    return to;
  }

  /** As {@link #request}, with what asks for the upgrade. */
  static HttpHeaders upgradeRequest(HttpHeaders from) {
    HttpHeaders to = request(from);
    to.set("Connection", "Upgrade");
    to.set("Upgrade", from.getOr("Upgrade", ""));
    List<String> protocols = from.tokens("Sec-WebSocket-Protocol");
    if (!protocols.isEmpty()) {
      List<String> kept = protocols.stream().filter(p -> !p.startsWith(BEARER_PROTOCOL)).toList();
      to.remove("Sec-WebSocket-Protocol");
      if (!kept.isEmpty()) {
        to.set("Sec-WebSocket-Protocol", String.join(", ", kept));
      }
    }
    return to;
  }

  /** A response's fields without what concerns the backend's connection only. */
  static HttpHeaders response(HttpHeaders from) {
    HttpHeaders to = new HttpHeaders();
    Set<String> named = connectionTokens(from);
    from.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (!HOP_BY_HOP.contains(lower) && !named.contains(lower)) {
            to.add(name, value);
          }
        });
    return to;
  }

  private static Set<String> connectionTokens(HttpHeaders headers) {
    Set<String> tokens = new HashSet<>();
    for (String token : headers.tokens("Connection")) {
      tokens.add(token.toLowerCase(Locale.ROOT));
    }
    return tokens;
  }
}
