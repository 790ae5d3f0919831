package io.kubra.apiserver.auth;

import io.kubra.api.status.ApiException;
import io.kubra.transport.http.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Users by bearer token, in the Authorization header or among a WebSocket's subprotocols. */
public final class BearerTokenAuthenticator implements Authenticator {
  private static final String WEBSOCKET_PREFIX = "base64url.bearer.authorization.k8s.io.";
  private final TokenAuthenticator tokens;

  public BearerTokenAuthenticator(TokenAuthenticator tokens) {
    this.tokens = tokens;
  }

  @Override
  public Optional<UserInfo> authenticate(HttpExchange exchange) {
    String token = token(exchange);
    if (token == null) {
      return Optional.empty();
    }
    return Optional.of(
        tokens
            .authenticate(token, List.of())
            .orElseThrow(() -> ApiException.unauthorized("Unauthorized"))
            .user());
  }

  private static @Nullable String token(HttpExchange exchange) {
    String header = exchange.headers().get("Authorization");
    if (header != null) {
      String[] parts = header.strip().split(" +", 2);
      return parts.length == 2 && parts[0].equalsIgnoreCase("Bearer") ? parts[1].strip() : null;
    }
    if (exchange.isUpgrade("websocket")) {
      for (String protocol : exchange.webSocketProtocols()) {
        if (protocol.startsWith(WEBSOCKET_PREFIX)) {
          return decode(protocol.substring(WEBSOCKET_PREFIX.length()));
        }
      }
    }
    return null;
  }

  private static String decode(String encoded) {
    try {
      return new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiException.unauthorized("Unauthorized");
    }
  }
}
