package io.kubra.apiserver.auth;

import io.kubra.api.status.ApiException;
import io.kubra.metrics.MetricRegistry;
import io.kubra.transport.http.HttpExchange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds out who sent a request, in the end: an identity that an in-process client brings, then each
 * authenticator in turn, then, for a few harmless paths, nobody in particular. Adds the groups that
 * everybody is in and lets those who may impersonate others.
 */
public final class RequestAuthenticator implements Authenticator {
  /** The group of everybody who is known. */
  public static final String AUTHENTICATED = "system:authenticated";

  /** The group of everybody who is not. */
  public static final String UNAUTHENTICATED = "system:unauthenticated";

  private final List<Authenticator> authenticators;
  private final Impersonation impersonation;
  private final Supplier<AnonymousAccess> anonymous;
  private final AuthenticationMetrics metrics;

  /**
   * @param authorizer decides who may impersonate whom
   * @param anonymous what may be asked without credentials at present
   */
  public RequestAuthenticator(
      List<Authenticator> authenticators,
      Authorizer authorizer,
      Supplier<AnonymousAccess> anonymous,
      MetricRegistry registry) {
    this.authenticators = List.copyOf(authenticators);
    this.anonymous = anonymous;
    metrics = new AuthenticationMetrics(registry);
    impersonation = new Impersonation(authorizer);
  }

  /**
   * Returns the sender; empty means that there is no telling and the request must be refused.
   *
   * @throws ApiException 401 for credentials that are wrong, 403 for an impersonation that is not
   *     allowed
   */
  @Override
  public Optional<UserInfo> authenticate(HttpExchange exchange) {
    UserInfo local = exchange.attribute(UserInfo.class);
    Optional<UserInfo> known =
        local == null ? counted(exchange) : Optional.of(inAuthenticated(local));
    return known.map(user -> impersonated(user, exchange));
  }

  private Optional<UserInfo> counted(HttpExchange exchange) {
    long start = System.nanoTime();
    Optional<UserInfo> user = Optional.empty();
    try {
      user =
          byCredentials(exchange)
              .map(RequestAuthenticator::inAuthenticated)
              .or(() -> anonymous(exchange));
      return user;
    } finally {
      user.ifPresentOrElse(u -> metrics.succeeded(u, start), () -> metrics.failed(start));
    }
  }

  private UserInfo impersonated(UserInfo user, HttpExchange exchange) {
    if (exchange.headers().contains(Impersonation.USER)) {
      exchange.attribute(Requester.class, new Requester(user));
    }
    return impersonation.apply(user, exchange.headers());
  }

  private Optional<UserInfo> byCredentials(HttpExchange exchange) {
    for (Authenticator authenticator : authenticators) {
      Optional<UserInfo> user = authenticator.authenticate(exchange);
      if (user.isPresent()) {
        return user;
      }
    }
    boolean unknownToken = exchange.headers().contains("Authorization");
    if (unknownToken || exchange.peerCertificateProblem() != null) {
      throw ApiException.unauthorized("Unauthorized");
    }
    return Optional.empty();
  }

  /** The user as a member of the group of everybody who is known (or is not). */
  public static UserInfo inAuthenticated(UserInfo user) {
    if (user.in(AUTHENTICATED) || user.in(UNAUTHENTICATED)) {
      return user;
    }
    List<String> groups = new ArrayList<>(user.groups());
    groups.add(user.name().equals(UserInfo.ANONYMOUS) ? UNAUTHENTICATED : AUTHENTICATED);
    return new UserInfo(user.name(), user.uid(), groups, user.extra());
  }

  private Optional<UserInfo> anonymous(HttpExchange exchange) {
    return anonymous.get().allows(exchange.rawPath())
        ? Optional.of(UserInfo.of(UserInfo.ANONYMOUS, UNAUTHENTICATED))
        : Optional.empty();
  }

  /** The user as a tree, as reviews show it. */
  public static Map<String, Object> toTree(UserInfo user) {
    Map<String, Object> tree = new LinkedHashMap<>();
    if (!user.name().isEmpty()) {
      tree.put("username", user.name());
    }
    if (!user.uid().isEmpty()) {
      tree.put("uid", user.uid());
    }
    if (!user.groups().isEmpty()) {
      tree.put("groups", new ArrayList<Object>(new LinkedHashSet<>(user.groups())));
    }
    if (!user.extra().isEmpty()) {
      Map<String, Object> extra = new LinkedHashMap<>();
      user.extra().keySet().stream()
          .sorted()
          .forEach(
              key ->
                  extra.put(key, new ArrayList<Object>(user.extra().getOrDefault(key, List.of()))));
      tree.put("extra", extra);
    }
    return tree;
  }
}
