package io.kubra.apiserver.request;

import io.kubra.apiserver.audit.AuditAnnotations;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.transport.http.HttpExchange;
import java.util.List;

/** One authenticated and authorised request. Used by one thread. */
public final class RequestContext {
  private static final Runnable NOTHING = () -> {};

  private final HttpExchange exchange;
  private final RequestInfo info;
  private final QueryParameters query;
  private final UserInfo user;
  private final AuditAnnotations annotations;
  private RequestLimit.Turn turn = RequestLimit.Turn.FREE;
  private final Warnings warnings = new Warnings();
  private Runnable held = NOTHING;

  public RequestContext(
      HttpExchange exchange, RequestInfo info, QueryParameters query, UserInfo user) {
    this(exchange, info, query, user, AuditAnnotations.NONE);
  }

  public RequestContext(
      HttpExchange exchange,
      RequestInfo info,
      QueryParameters query,
      UserInfo user,
      AuditAnnotations annotations) {
    this.exchange = exchange;
    this.info = info;
    this.query = query;
    this.user = user;
    this.annotations = annotations;
  }

  public HttpExchange exchange() {
    return exchange;
  }

  public RequestInfo info() {
    return info;
  }

  public QueryParameters query() {
    return query;
  }

  public UserInfo user() {
    return user;
  }

  /** Takes notes for the request's audit events. */
  public AuditAnnotations annotations() {
    return annotations;
  }

  /** Keeps something until the request is over. */
  public void hold(Runnable giveBack) {
    Runnable before = held;
    held =
        () -> {
          giveBack.run();
          before.run();
        };
  }

  /** The request is over. */
  public void release() {
    Runnable giveBack = held;
    held = NOTHING;
    giveBack.run();
  }

  /** Whether {@code dryRun=All} was asked. */
  public boolean dryRun() {
    return query.has("dryRun");
  }

  /** Keeps the request's turn for {@link #endTurn}. */
  public void turn(RequestLimit.Turn value) {
    turn = value;
  }

  /** Ends the request's turn early: from now on it is only listened to, as a watch. */
  public void endTurn() {
    turn.close();
  }

  /** Adds a {@code Warning} header to the response; said twice, it is sent once. */
  public void warn(String text) {
    warnings.add(text);
  }

  /** The warnings so far. */
  public List<String> warnings() {
    return warnings.texts();
  }
}
