package io.kubra.apiserver.authz;

import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.Decision;
import io.kubra.apiserver.auth.Remembered;
import io.kubra.apiserver.auth.RequestAttributes;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.authz.AuthorizationConfig.Step;
import io.kubra.apiserver.cel.Budget;
import io.kubra.apiserver.cel.CelException;
import io.kubra.apiserver.cel.Environment;
import io.kubra.apiserver.cel.Expression;
import io.kubra.apiserver.cel.Values;
import io.kubra.apiserver.remote.RemoteException;
import io.kubra.apiserver.remote.RemoteService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks another service, by a SubjectAccessReview, about requests that meet all conditions. Answers
 * are remembered for a while.
 */
public final class WebhookAuthorizer implements Authorizer, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WebhookAuthorizer.class);
  private static final MapType ANYTHING = MapType.create(SimpleType.STRING, SimpleType.DYN);

  /** Longer questions are not remembered, as upstream has it: anybody may ask them. */
  private static final int MOST_REMEMBERED = 10_000;

  private final Step.Webhook settings;
  private final RemoteService service;
  private final List<Expression> conditions = new ArrayList<>();
  private final Remembered<Decision> answers = new Remembered<>(10_000);

  /**
   * @throws IllegalArgumentException if the kubeconfig or a condition is wrong
   */
  public WebhookAuthorizer(Step.Webhook settings) {
    this.settings = settings;
    this.service = RemoteService.open(settings.kubeconfig());
    for (String text : settings.conditions()) {
      try {
        conditions.add(
            Expression.compile(Environment.builder().variable("request", ANYTHING).build(), text));
      } catch (CelException e) {
        throw new IllegalArgumentException(
            "authorizer %s: matchConditions: Invalid value: \"%s\": compilation failed: %s"
                .formatted(settings.name(), text, e.message()),
            e);
      }
    }
  }

  @Override
  public Decision authorize(RequestAttributes asked) {
    Map<String, Object> spec = spec(asked);
    Boolean concerned = concerned(spec);
    if (concerned == null) {
      return failed("its match conditions cannot be evaluated");
    }
    if (!concerned) {
      return Decision.NO_OPINION;
    }
    Decision known = answers.get(asked);
    if (known != null) {
      return known;
    }
    try {
      Decision decision = ask(spec);
      if (size(asked) < MOST_REMEMBERED) {
        answers.put(
            asked,
            decision,
            decision.allowed() ? settings.allowedLifetime() : settings.otherLifetime());
      }
      return decision;
    } catch (RemoteException e) {
      log.warn("the authorizer {} failed: {}", settings.name(), e.getMessage());
      return failed(String.valueOf(e.getMessage()));
    }
  }

  /** How many characters of a question its sender chooses. */
  private static int size(RequestAttributes asked) {
    return asked.verb().length()
        + asked.group().length()
        + asked.version().length()
        + asked.resource().length()
        + asked.subresource().length()
        + asked.namespace().length()
        + asked.name().length()
        + asked.path().length();
  }

  private Decision failed(String why) {
    return settings.denyOnFailure()
        ? new Decision(
            Decision.Verdict.DENY, "authorizer \"%s\" failed: %s".formatted(settings.name(), why))
        : Decision.NO_OPINION;
  }

  /** Whether all conditions are true; null if that cannot be told. One that is false is enough. */
  private @org.jspecify.annotations.Nullable Boolean concerned(Map<String, Object> spec) {
    if (conditions.isEmpty()) {
      return true;
    }
    Object request = Values.of(spec);
    Budget budget = Budget.forMatchConditions();
    boolean unknown = false;
    for (Expression condition : conditions) {
      try {
        Object result = condition.evaluate(name -> name.equals("request") ? request : null, budget);
        if (!Boolean.TRUE.equals(result)) {
          return false;
        }
      } catch (CelException e) {
        log.info("a match condition of {} failed: {}", settings.name(), e.message());
        unknown = true;
      }
    }
    return unknown ? null : true;
  }

  private Decision ask(Map<String, Object> spec) {
    Map<String, Object> review = new LinkedHashMap<>();
    review.put("apiVersion", "authorization.k8s.io/v1");
    review.put("kind", "SubjectAccessReview");
    review.put("metadata", Map.of());
    review.put("spec", spec);
    Map<String, Object> answer = service.post(review, settings.timeout());
    String reason = Trees.stringOr(answer, "", "status", "reason");
    if (Trees.bool(answer, "status", "allowed")) {
      return new Decision(Decision.Verdict.ALLOW, reason);
    }
    return new Decision(
        Trees.bool(answer, "status", "denied")
            ? Decision.Verdict.DENY
            : Decision.Verdict.NO_OPINION,
        reason);
  }

  private static Map<String, Object> spec(RequestAttributes asked) {
    Map<String, Object> what = new LinkedHashMap<>();
    put(what, "verb", asked.verb());
    Map<String, Object> spec = new LinkedHashMap<>();
    if (asked.resourceRequest()) {
      put(what, "namespace", asked.namespace());
      put(what, "group", asked.group());
      put(what, "version", asked.version());
      put(what, "resource", asked.resource());
      put(what, "subresource", asked.subresource());
      put(what, "name", asked.name());
      spec.put("resourceAttributes", what);
    } else {
      put(what, "path", asked.path());
      spec.put("nonResourceAttributes", what);
    }
    UserInfo user = asked.user();
    put(spec, "user", user.name());
    put(spec, "uid", user.uid());
    if (!user.groups().isEmpty()) {
      spec.put("groups", List.copyOf(user.groups()));
    }
    if (!user.extra().isEmpty()) {
      spec.put("extra", new LinkedHashMap<String, Object>(user.extra()));
    }
    return spec;
  }

  private static void put(Map<String, Object> tree, String key, String value) {
    if (!value.isEmpty()) {
      tree.put(key, value);
    }
  }

  @Override
  public void close() {
    service.close();
  }
}
