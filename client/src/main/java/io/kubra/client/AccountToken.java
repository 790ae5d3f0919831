package io.kubra.client;

import io.kubra.model.authentication.v1.TokenRequest;
import io.kubra.model.authentication.v1.TokenRequestSpec;
import io.kubra.model.core.v1.ServiceAccount;
import io.kubra.model.meta.v1.ObjectMeta;
import java.time.Duration;

/** Tokens of service accounts for programs that run outside of pods. */
public final class AccountToken {
  private AccountToken() {}

  /**
   * Asks for a token; the account is made if it is not there.
   *
   * @param lifetime how long the token is good; the server takes at least ten minutes
   * @throws io.kubra.api.status.ApiException if the server refuses
   */
  public static String request(
      ApiClient client, String namespace, String account, Duration lifetime) {
    ResourceClient<ServiceAccount> accounts = client.resource(ServiceAccount.RESOURCE);
    accounts.apply(
        ServiceAccount.builder()
            .metadata(ObjectMeta.builder().namespace(namespace).name(account).build())
            .build(),
        "kubra",
        true);
    TokenRequest request =
        TokenRequest.builder()
            .spec(TokenRequestSpec.builder().expirationSeconds(lifetime.toSeconds()).build())
            .build();
    return String.valueOf(
        accounts
            .createSubresource(namespace, account, "token", request, TokenRequest::read)
            .status()
            .token());
  }
}
