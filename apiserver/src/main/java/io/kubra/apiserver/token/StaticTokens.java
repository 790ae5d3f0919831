package io.kubra.apiserver.token;

import io.kubra.apiserver.auth.TokenAuthenticator;
import io.kubra.apiserver.auth.UserInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tokens that the server was started with. */
public final class StaticTokens implements TokenAuthenticator {
  private final Map<String, UserInfo> users;

  public StaticTokens(Map<String, UserInfo> users) {
    this.users = Map.copyOf(users);
  }

  @Override
  public Optional<Identity> authenticate(String token, List<String> audiences) {
    byte[] given = token.getBytes(StandardCharsets.UTF_8);
    for (Map.Entry<String, UserInfo> entry : users.entrySet()) {
      if (MessageDigest.isEqual(given, entry.getKey().getBytes(StandardCharsets.UTF_8))) {
        return Optional.of(new Identity(entry.getValue(), audiences));
      }
    }
    return Optional.empty();
  }
}
