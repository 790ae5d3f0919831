package io.kubra.apiserver;

import io.kubra.apiserver.auth.AnonymousAccess;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.Decision;
import io.kubra.apiserver.auth.TokenAuthenticator;
import io.kubra.apiserver.auth.WebhookTokenAuthenticator;
import io.kubra.apiserver.authz.AuthorizationConfig;
import io.kubra.apiserver.authz.WebhookAuthorizer;
import io.kubra.apiserver.jwt.AuthenticationConfig;
import io.kubra.apiserver.jwt.JwtAuthenticator;
import io.kubra.apiserver.nodeauth.NodeAuthorizer;
import io.kubra.apiserver.rbac.RbacAuthorizer;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.remote.RemoteService;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who beside the cluster itself knows users and decides what they may do. Made for one server. */
public final class ExternalAccess implements AutoCloseable {
  /** Nobody. */
  public static final ExternalAccess NONE =
      new ExternalAccess(
          null, AnonymousAccess.HARMLESS, null, Duration.ZERO, AuthorizationConfig.DEFAULT);

  private final @Nullable AuthenticationConfig authentication;
  private final AnonymousAccess anonymous;
  private final @Nullable Path tokenWebhook;
  private final Duration tokenLifetime;
  private final AuthorizationConfig authorization;
  private final List<AutoCloseable> opened = new ArrayList<>();

  /**
   * @param authentication issuers of tokens; what it says of anonymous requests comes before the
   *     next parameter
   * @param anonymous what may be asked without credentials
   * @param tokenWebhook the kubeconfig of a service that knows tokens
   * @param tokenLifetime how long its answers hold
   * @param authorization who decides, in order
   */
  public ExternalAccess(
      @Nullable AuthenticationConfig authentication,
      AnonymousAccess anonymous,
      @Nullable Path tokenWebhook,
      Duration tokenLifetime,
      AuthorizationConfig authorization) {
    this.authentication = authentication;
    this.anonymous =
        authentication == null ? anonymous : authentication.anonymous().orElse(anonymous);
    this.tokenWebhook = tokenWebhook;
    this.tokenLifetime = tokenLifetime;
    this.authorization = authorization;
  }

  AnonymousAccess anonymous() {
    return anonymous;
  }

  /** The cluster's own tokens first, then those of others. */
  TokenAuthenticator tokens(List<TokenAuthenticator> own, Clock clock) {
    List<TokenAuthenticator> all = new ArrayList<>(own);
    if (authentication != null && !authentication.issuers().isEmpty()) {
      JwtAuthenticator jwt = new JwtAuthenticator(authentication, clock);
      opened.add(jwt);
      all.add(jwt);
    }
    if (tokenWebhook != null) {
      RemoteService service = RemoteService.open(tokenWebhook);
      opened.add(service);
      all.add(new WebhookTokenAuthenticator(service, tokenLifetime));
    }
    return TokenAuthenticator.anyOf(all);
  }

  /** All authorisers in the order in which they are asked. */
  List<Authorizer> authorizers(ObjectAccess objects, RbacAuthorizer rbac) {
    List<Authorizer> all = new ArrayList<>();
    for (AuthorizationConfig.Step step : authorization.steps()) {
      all.add(
          switch (step) {
            case AuthorizationConfig.Step.Node n -> new NodeAuthorizer(objects);
            case AuthorizationConfig.Step.Rbac r -> rbac;
            case AuthorizationConfig.Step.AlwaysAllow a -> Authorizer.ALLOW_ALL;
            case AuthorizationConfig.Step.AlwaysDeny d -> asked -> Decision.NO_OPINION;
            case AuthorizationConfig.Step.Webhook webhook -> {
              WebhookAuthorizer opens = new WebhookAuthorizer(webhook);
              opened.add(opens);
              yield opens;
            }
          });
    }
    return all;
  }

  @Override
  public void close() {
    for (AutoCloseable each : opened) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
