package io.kubra.apiserver.admission.webhook;

import io.kubra.api.status.ApiException;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.ServedForm;
import io.kubra.apiserver.admission.expression.RequestValues;
import io.kubra.apiserver.admission.match.RequestMatcher;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.cel.CelException;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.webhook.WebhookClient;
import io.kubra.apiserver.webhook.WebhookException;
import io.kubra.apiserver.webhook.WebhookTarget;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Decides which webhooks a request concerns, and asks them. */
final class Calls implements AutoCloseable {
  private static final int UNAVAILABLE = 503;

  private final ObjectReader objects;
  private final Authorizer authorizer;
  private final RequestMatcher matcher;
  private final WebhookMetrics metrics;
  private final Map<WebhookTarget, WebhookClient> clients = new ConcurrentHashMap<>();

  Calls(ObjectReader objects, Authorizer authorizer, WebhookMetrics metrics) {
    this.objects = objects;
    this.authorizer = authorizer;
    this.matcher = new RequestMatcher(objects);
    this.metrics = metrics;
  }

  /** How a call ended: one of verdict and failure is there. */
  record Outcome(@Nullable Verdict verdict, @Nullable WebhookException failure, long startNanos) {}

  /**
   * The version in which a webhook wants to see the object; null if it is not concerned.
   *
   * @param type admit or validating, for the metrics
   * @throws ApiException 403 if its match conditions cannot be evaluated
   */
  @Nullable ServedForm concerned(Webhook hook, AdmissionContext context, String type) {
    ServedForm form = matcher.match(hook.criteria(), context);
    if (form == null || hook.conditions().isEmpty()) {
      return form;
    }
    try {
      if (hook.conditions().match(new RequestValues(context, form, objects, authorizer))) {
        return form;
      }
      metrics.excluded(hook, type, context.operation());
      return null;
    } catch (CelException e) {
      metrics.notEvaluated(hook, type, context.operation());
      if (hook.ignoresFailures()) {
        return null;
      }
      throw ApiException.forbidden(
          context.resource().gvr().group(),
          context.resource().gvr().resource(),
          context.name(),
          e.message());
    }
  }

  /** A question to one webhook. */
  record Question(Webhook hook, String uid, Map<String, Object> review) {}

  /**
   * Puts a question.
   *
   * @throws ApiException 400 if the webhook may not be asked in a dry run
   */
  Question question(Webhook hook, AdmissionContext context, ServedForm form) {
    if (context.dryRun() && !hook.dryRun()) {
      throw ApiException.badRequest(
          "admission webhook " + Verdict.quoted(hook.name()) + " does not support dry run");
    }
    String uid = UUID.randomUUID().toString();
    return new Question(hook, uid, Review.of(uid, hook.version(), context, form));
  }

  /** Asks a webhook and waits for its answer. */
  Outcome ask(Question q, boolean mutating) {
    long start = System.nanoTime();
    Webhook hook = q.hook();
    Map<String, Object> answer;
    try {
      WebhookClient client =
          clients.computeIfAbsent(hook.target(), t -> new WebhookClient(t, objects));
      answer = client.post(q.review(), hook.timeout());
    } catch (WebhookException e) {
      return new Outcome(
          null, new WebhookException("failed to call webhook: " + e.message()), start);
    }
    try {
      return new Outcome(Verdict.read(answer, q.uid(), hook.version(), mutating), null, start);
    } catch (WebhookException e) {
      return new Outcome(null, e, start);
    }
  }

  /**
   * What an outcome means for the request. Counts it, and hands warnings and notes to the request.
   *
   * @param type admit or validating, for the metrics
   * @return the verdict, or null if the webhook failed and that does not matter
   * @throws ApiException if the request is refused
   */
  @Nullable Verdict settle(Webhook hook, Outcome outcome, AdmissionContext context, String type) {
    WebhookException failure = outcome.failure();
    Verdict verdict = outcome.verdict();
    if (failure != null || verdict == null) {
      boolean refused = !hook.ignoresFailures();
      metrics.called(hook, type, context.operation(), refused, UNAVAILABLE, outcome.startNanos());
      if (!refused) {
        metrics.failedOpen(hook, type);
        return null;
      }
      metrics.rejected(hook, type, context.operation(), "calling_webhook_error", UNAVAILABLE);
      String why = failure == null ? "no answer" : failure.message();
      throw ApiException.internal(
          "failed calling webhook " + Verdict.quoted(hook.name()) + ": " + why);
    }
    verdict.warnings().forEach(context::warn);
    verdict
        .annotations()
        .forEach((key, value) -> context.annotate(hook.name() + "/" + key, String.valueOf(value)));
    if (!verdict.allowed()) {
      ApiException refusal = verdict.refusal(hook.name());
      metrics.called(hook, type, context.operation(), true, refusal.code(), outcome.startNanos());
      metrics.rejected(hook, type, context.operation(), "no_error", refusal.code());
      throw refusal;
    }
    metrics.called(hook, type, context.operation(), false, 200, outcome.startNanos());
    return verdict;
  }

  /** Counts a request that failed here because of what a webhook wanted. */
  void failedHere(Webhook hook, AdmissionContext context, String type) {
    metrics.rejected(hook, type, context.operation(), "apiserver_internal_error", 0);
  }

  /** Ends connections to what is no longer configured. */
  void keepOnly(List<Webhook> wanted) {
    Set<WebhookTarget> targets = new HashSet<>();
    wanted.forEach(hook -> targets.add(hook.target()));
    clients
        .entrySet()
        .removeIf(
            e -> {
              boolean gone = !targets.contains(e.getKey());
              if (gone) {
                e.getValue().retire();
              }
              return gone;
            });
  }

  @Override
  public void close() {
    clients.values().forEach(WebhookClient::close);
    clients.clear();
  }
}
