package io.kubra.apiserver.audit;

import io.kubra.api.status.ApiException;
import io.kubra.apiserver.audit.AuditRule.AuditDecision;
import io.kubra.apiserver.auth.RequestAttributes;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.metrics.CounterFamily;
import io.kubra.metrics.MetricRegistry;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Audits requests by a policy, into one or several sinks. */
public final class Auditor implements AutoCloseable {
  private static final String FAILED = "Authentication failed, attempted: ";

  private final AuditPolicy policy;
  private final List<AuditSink> sinks;
  private final Clock clock;
  private final CounterFamily levels;
  private final LongAdder events;

  public Auditor(AuditPolicy policy, List<AuditSink> sinks, MetricRegistry metrics, Clock clock) {
    this.policy = policy;
    this.sinks = List.copyOf(sinks);
    this.clock = clock;
    levels =
        metrics.counter(
            "apiserver_audit_level_total",
            "Counter of policy levels for audit events (1 per request).",
            "level");
    events =
        metrics
            .counter(
                "apiserver_audit_event_total",
                "Counter of audit events generated and sent to the audit backend.")
            .with();
  }

  /**
   * Begins to audit a request, unless the policy says that it is of no interest.
   *
   * @param requester who sent it; {@code request} names whom he acts as
   * @param lasting whether it is a watch or a connection, whose beginning is recorded too
   * @return the exchange to work on from now on; null if the request is not audited
   */
  public @Nullable AuditedExchange begin(
      HttpExchange exchange, RequestAttributes request, UserInfo requester, boolean lasting) {
    RequestAttributes own = as(request, requester);
    AuditDecision decision = policy.decide(own);
    levels.with(decision.level().text()).increment();
    if (decision.level() == AuditLevel.NONE) {
      return null;
    }
    AuditRecord record = record(exchange, own, decision);
    if (!requester.equals(request.user())) {
      record.impersonates(request.user());
    }
    emit(record, AuditStage.REQUEST_RECEIVED);
    return new AuditedExchange(exchange, record, this, lasting);
  }

  /** Records a request whose sender could not be made out, or may not act as whom he names. */
  public void refused(HttpExchange exchange, RequestAttributes request, ApiException refusal) {
    AuditDecision decision = policy.decide(request);
    levels.with(decision.level().text()).increment();
    if (decision.level() == AuditLevel.NONE) {
      return;
    }
    AuditRecord record = record(exchange, request, decision);
    if (refusal.code() == 401) {
      record.refused(401, "Unauthorized", FAILED + attempted(exchange));
      emit(record, AuditStage.RESPONSE_STARTED);
    } else {
      record.refused(refusal.code(), "Forbidden", String.valueOf(refusal.getMessage()));
      emit(record, AuditStage.RESPONSE_COMPLETE);
    }
  }

  private static String attempted(HttpExchange exchange) {
    String header = exchange.headers().getOr("Authorization", "");
    int space = header.indexOf(' ');
    String scheme = space < 0 ? "" : header.substring(0, space).toLowerCase(java.util.Locale.ROOT);
    return switch (scheme) {
      case "bearer", "basic" -> scheme;
      default -> exchange.peerCertificateProblem() != null ? "x509" : "no credentials";
    };
  }

  private static RequestAttributes as(RequestAttributes r, UserInfo user) {
    return user.equals(r.user())
        ? r
        : new RequestAttributes(
            user,
            r.verb(),
            r.resourceRequest(),
            r.group(),
            r.version(),
            r.resource(),
            r.subresource(),
            r.namespace(),
            r.name(),
            r.path());
  }

  private AuditRecord record(
      HttpExchange exchange, RequestAttributes request, AuditDecision decision) {
    HttpHeaders headers = exchange.headers();
    String query = exchange.rawQuery();
    String id = headers.getOr("Audit-ID", "");
    return new AuditRecord(
        decision,
        id.isEmpty() ? UUID.randomUUID().toString() : id,
        request,
        query == null ? exchange.rawPath() : exchange.rawPath() + "?" + query,
        clock.instant(),
        sources(exchange),
        headers.getOr("User-Agent", ""));
  }

  /** Through which addresses the request came, the client's first. */
  private static List<String> sources(HttpExchange exchange) {
    List<String> all = new ArrayList<>(2);
    for (String hop : exchange.headers().getOr("X-Forwarded-For", "").split(",")) {
      add(all, hop.strip());
    }
    add(all, exchange.headers().getOr("X-Real-Ip", "").strip());
    if (exchange.remoteAddress() instanceof InetSocketAddress remote
        && remote.getAddress() != null) {
      add(all, remote.getAddress().getHostAddress());
    }
    return all;
  }

  private static void add(List<String> all, String address) {
    if (!address.isEmpty() && !all.contains(address)) {
      all.add(address);
    }
  }

  void emit(AuditRecord record, AuditStage stage) {
    if (!record.decision().records(stage)) {
      return;
    }
    Map<String, Object> event = record.event(stage, clock.instant());
    events.increment();
    for (AuditSink sink : sinks) {
      sink.accept(List.of(event));
    }
  }

  @Override
  public void close() {
    sinks.forEach(AuditSink::close);
  }
}
