package io.kubra.apiserver.auth;

import io.kubra.transport.http.HttpExchange;
import java.util.Optional;

/** Finds out who sent a request. Implementations are called concurrently. */
@FunctionalInterface
public interface Authenticator {

  /**
   * Returns the sender, or empty if the request carries no credentials that this authenticator
   * knows. Credentials that are known but wrong are refused with an {@link
   * io.kubra.api.status.ApiException} of code 401.
   */
  Optional<UserInfo> authenticate(HttpExchange exchange);
}
