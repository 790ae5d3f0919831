package io.kubra.apiserver.auth;

import java.util.List;
import java.util.Optional;

/** Knows some kind of bearer token. Called concurrently. */
@FunctionalInterface
public interface TokenAuthenticator {

  /**
   * Whose token it is.
   *
   * @param audiences those of the wanted audiences that the token is for
   */
  record Identity(UserInfo user, List<String> audiences) {}

  /**
   * Returns whose token this is; empty if it is none that this authenticator knows, or not valid.
   *
   * @param audiences who wants to accept the token: it must be meant for one of them; empty stands
   *     for the API server
   */
  Optional<Identity> authenticate(String token, List<String> audiences);

  /** Asks each in turn. */
  static TokenAuthenticator anyOf(List<TokenAuthenticator> all) {
    List<TokenAuthenticator> each = List.copyOf(all);
    return (token, audiences) -> {
      for (TokenAuthenticator authenticator : each) {
        Optional<Identity> identity = authenticator.authenticate(token, audiences);
        if (identity.isPresent()) {
          return identity;
        }
      }
      return Optional.empty();
    };
  }
}
