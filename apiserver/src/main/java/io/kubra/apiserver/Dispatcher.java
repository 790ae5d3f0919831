package io.kubra.apiserver;

import io.kubra.api.meta.GroupVersion;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.audit.AuditedExchange;
import io.kubra.apiserver.audit.Auditor;
import io.kubra.apiserver.auth.Authenticator;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.Decision;
import io.kubra.apiserver.auth.RequestAttributes;
import io.kubra.apiserver.auth.Requester;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.encoding.OutputFormat;
import io.kubra.apiserver.encoding.Responder;
import io.kubra.apiserver.health.RequestMetrics;
import io.kubra.apiserver.request.LocalGroup;
import io.kubra.apiserver.request.NonResourceEndpoint;
import io.kubra.apiserver.request.QueryParameters;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.request.RequestInfo;
import io.kubra.apiserver.request.RequestInfoParser;
import io.kubra.apiserver.request.RequestLimit;
import io.kubra.apiserver.rest.ResourceRequests;
import io.kubra.store.StoreException;
import io.kubra.store.StoreFullException;
import io.kubra.transport.http.ClientGoneException;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHandler;
import io.kubra.transport.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes every request through the pipeline: meaning, identity, permission, load, verb. Whatever is
 * thrown on the way becomes a Status.
 */
final class Dispatcher implements HttpHandler {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  private final Authenticator authenticator;
  private final Authorizer authorizer;
  private final List<NonResourceEndpoint> endpoints;
  private final ServedGroups groups;
  private final ResourceRequests resources;
  private final Responder responder;
  private final RequestLimit limit;
  private final RequestMetrics metrics;
  private final @Nullable Auditor auditor;

  Dispatcher(
      Authenticator authenticator,
      Authorizer authorizer,
      List<NonResourceEndpoint> endpoints,
      ServedGroups groups,
      ResourceRequests resources,
      Responder responder,
      RequestLimit limit,
      RequestMetrics metrics,
      @Nullable Auditor auditor) {
    this.authenticator = authenticator;
    this.authorizer = authorizer;
    this.endpoints = List.copyOf(endpoints);
    this.groups = groups;
    this.resources = resources;
    this.responder = responder;
    this.limit = limit;
    this.metrics = metrics;
    this.auditor = auditor;
  }

  @Override
  public void handle(HttpExchange exchange) {
    QueryParameters query = QueryParameters.parse(exchange.rawQuery());
    RequestInfo info = RequestInfoParser.parse(exchange.method(), exchange.rawPath(), query);
    RequestContext c = new RequestContext(exchange, info, query, NOBODY);
    int code = 0;
    long start = System.nanoTime();
    boolean lasting = info.verb().equals("watch") || RequestLimit.lasts(info);
    if (lasting) {
      metrics.running(info, 1);
    }
    AuditedExchange audited = null;
    try {
      UserInfo user = authenticate(exchange, info);
      audited = audit(exchange, info, user, lasting);
      c =
          audited == null
              ? new RequestContext(exchange, info, query, user)
              : new RequestContext(audited, info, query, user, audited.annotations());
      authorize(c);
      try (RequestLimit.Turn turn = limit.enter(c)) {
        c.turn(turn);
        serve(c);
      }
    } catch (ApiException e) {
      code = e.code();
      fail(c, e);
    } catch (ClientGoneException e) {
      log.debug("the client of {} {} went away", exchange.method(), info.path());
    } catch (StoreFullException e) {
      code = 500;
      fail(c, ApiException.internal("the disk of the store is full: nothing can be written"));
    } catch (StoreException e) {
      code = 500;
      log.error("{} {} failed in the store", exchange.method(), info.path(), e);
      fail(c, ApiException.internal(String.valueOf(e.getMessage())));
    } catch (Exception e) {
      code = 500;
      log.error("{} {} failed", exchange.method(), info.path(), e);
      fail(c, ApiException.internal(String.valueOf(e)));
      if (audited != null) {
        audited.panicked();
      }
    } finally {
      c.release();
      if (audited != null) {
        audited.complete();
      }
      if (lasting) {
        metrics.running(info, -1);
      }
      count(info, c, code, start);
    }
  }

  /** A request without an error has code 0: it was answered with what its verb answers. */
  private void count(RequestInfo info, RequestContext c, int code, long start) {
    boolean created = info.verb().equals("create") && !RequestLimit.lasts(info);
    boolean apply =
        info.verb().equals("patch")
            && c.exchange().headers().getOr("Content-Type", "").contains("apply-patch");
    metrics.answered(
        info,
        c.dryRun(),
        apply,
        code == 0 ? (created ? 201 : 200) : code,
        c.exchange().responseSize(),
        start);
  }

  private static final UserInfo NOBODY = UserInfo.of(UserInfo.ANONYMOUS);
  private static final UserInfo UNKNOWN = UserInfo.of("");

  private UserInfo authenticate(HttpExchange exchange, RequestInfo info) {
    try {
      Optional<UserInfo> user = authenticator.authenticate(exchange);
      return user.orElseThrow(() -> ApiException.unauthorized("Unauthorized"));
    } catch (ApiException e) {
      if (auditor != null) {
        Requester requester = exchange.attribute(Requester.class);
        UserInfo user = requester == null ? UNKNOWN : requester.user();
        auditor.refused(exchange, attributes(info, user), e);
      }
      throw e;
    }
  }

  private @Nullable AuditedExchange audit(
      HttpExchange exchange, RequestInfo info, UserInfo user, boolean lasting) {
    if (auditor == null) {
      return null;
    }
    Requester requester = exchange.attribute(Requester.class);
    UserInfo sender = requester == null ? user : requester.user();
    return auditor.begin(exchange, attributes(info, user), sender, lasting);
  }

  private void authorize(RequestContext c) {
    RequestAttributes attributes = attributes(c.info(), c.user());
    Decision decision = authorizer.authorize(attributes);
    c.annotations().add("authorization.k8s.io/decision", decision.allowed() ? "allow" : "forbid");
    c.annotations().add("authorization.k8s.io/reason", decision.reason());
    if (!decision.allowed()) {
      throw Refusals.forbidden(attributes, decision.reason());
    }
  }

  private static RequestAttributes attributes(RequestInfo i, UserInfo user) {
    return new RequestAttributes(
        user,
        i.verb(),
        i.resourceRequest(),
        i.group(),
        i.version(),
        i.resource(),
        i.subresource(),
        i.namespace(),
        i.name(),
        i.path());
  }

  private void serve(RequestContext c) throws Exception {
    if (c.info().resourceRequest()) {
      LocalGroup group = groups.get(c.info().group(), c.info().version());
      if (group != null && c.info().verb().equals("watch")) {
        c.endTurn();
      }
      if (group != null ? group.handle(c) : resources.handle(c)) {
        return;
      }
      if (group != null
          || resources.serves(new GroupVersion(c.info().group(), c.info().version()))) {
        throw ApiException.generic(
            404, "NotFound", "the server could not find the requested resource");
      }
    } else {
      for (NonResourceEndpoint endpoint : endpoints) {
        if (endpoint.matches(c.info().path())) {
          endpoint.handle(c);
          return;
        }
      }
    }
    c.exchange()
        .respond(
            404,
            HttpHeaders.of("Content-Type", "text/plain; charset=utf-8"),
            "404 page not found\n".getBytes(StandardCharsets.US_ASCII));
  }

  private void fail(RequestContext c, ApiException e) {
    if (c.exchange().responded()) {
      log.debug("{} {} failed after its response began", c.info().verb(), c.info().path(), e);
      return;
    }
    try {
      responder.error(c, e);
    } catch (ClientGoneException gone) {
      log.debug("nobody is left to tell: {}", e.getMessage());
    } catch (RuntimeException encoding) {
      log.error("cannot encode an error", encoding);
      Responder.error(c.exchange(), List.of(), e, OutputFormat.JSON);
    }
  }
}
