package io.kubra.apiserver;

import io.kubra.apiserver.auth.AnonymousAccess;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.AuthorizerChain;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who beside the cluster itself knows users and decides what they may do. Made for one server. */
public final class ExternalAccess implements AutoCloseable {
  /** Nobody. */
  public static ExternalAccess none() {
    return new ExternalAccess(
        null, AnonymousAccess.HARMLESS, null, Duration.ZERO, AuthorizationConfig.DEFAULT);
  }

  private final AnonymousAccess otherwise;
  private final @Nullable Path tokenWebhook;
  private final Duration tokenLifetime;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private @Nullable AuthenticationConfig authentication;
  private AuthorizationConfig authorization;
  private @Nullable Made made;
  private volatile AnonymousAccess anonymous;
  private volatile @Nullable JwtAuthenticator jwt;
  private volatile Authorizer authorizer = asked -> Decision.NO_OPINION;

  /** What authorisers are made of. */
  private record Made(ObjectAccess objects, RbacAuthorizer rbac, NodeAuthorizer nodes) {}

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
    this.otherwise = anonymous;
    this.anonymous =
        authentication == null ? anonymous : authentication.anonymous().orElse(anonymous);
    this.tokenWebhook = tokenWebhook;
    this.tokenLifetime = tokenLifetime;
    this.authorization = authorization;
  }

  /** What may be asked without credentials now. */
  AnonymousAccess anonymous() {
    return anonymous;
  }

  /**
   * Uses other issuers from now on; all of the configuration or, if it is wrong, nothing of it.
   *
   * @throws io.kubra.transport.tls.PemException if an issuer's authority cannot be read
   */
  public synchronized void configure(AuthenticationConfig config) {
    JwtAuthenticator next =
        config.issuers().isEmpty() ? null : new JwtAuthenticator(config, Clock.systemUTC());
    JwtAuthenticator before = jwt;
    authentication = config;
    anonymous = config.anonymous().orElse(otherwise);
    jwt = next;
    if (before != null) {
      before.close();
    }
  }

  /**
   * Asks other authorisers from now on.
   *
   * @throws IllegalArgumentException if one cannot be made
   */
  public synchronized void configure(AuthorizationConfig config) {
    authorization = config;
    Made parts = made;
    if (parts != null) {
      authorizer = new AuthorizerChain(authorizers(config, parts));
    }
  }

  /** The cluster's own tokens first, then those of others. */
  synchronized TokenAuthenticator tokens(List<TokenAuthenticator> own) {
    List<TokenAuthenticator> all = new ArrayList<>(own);
    if (authentication != null) {
      configure(authentication);
    }
    all.add(
        (token, audiences) -> {
          JwtAuthenticator current = jwt;
          return current == null ? Optional.empty() : current.authenticate(token, audiences);
        });
    if (tokenWebhook != null) {
      RemoteService service = RemoteService.open(tokenWebhook);
      opened.add(service);
      all.add(new WebhookTokenAuthenticator(service, tokenLifetime));
    }
    return TokenAuthenticator.anyOf(all);
  }

  /** Asks all authorisers in their order. */
  synchronized Authorizer authorizer(ObjectAccess objects, RbacAuthorizer rbac) {
    made = new Made(objects, rbac, new NodeAuthorizer(objects));
    configure(authorization);
    return asked -> authorizer.authorize(asked);
  }

  private List<Authorizer> authorizers(AuthorizationConfig config, Made parts) {
    List<Authorizer> all = new ArrayList<>();
    for (AuthorizationConfig.Step step : config.steps()) {
      all.add(
          switch (step) {
            case AuthorizationConfig.Step.Node n -> parts.nodes;
            case AuthorizationConfig.Step.Rbac r -> parts.rbac;
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
  public synchronized void close() {
    JwtAuthenticator current = jwt;
    if (current != null) {
      current.close();
    }
    for (AutoCloseable each : opened) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
