package io.kubra.apiserver.review;

import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.Decision;
import io.kubra.apiserver.auth.RequestAttributes;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.request.CreateHandler;
import io.kubra.apiserver.request.RequestContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers the three kinds of access review: may somebody, may I, may somebody in a namespace? */
public final class AccessReviews implements CreateHandler {

  /** Who is asked about, and where. */
  public enum Scope {
    ANYBODY("SubjectAccessReview"),
    SELF("SelfSubjectAccessReview"),
    NAMESPACE("LocalSubjectAccessReview");

    private final String kind;

    Scope(String kind) {
      this.kind = kind;
    }
  }

  private static final String GROUP = "authorization.k8s.io";
  private final Scope scope;
  private final Authorizer authorizer;

  public AccessReviews(Scope scope, Authorizer authorizer) {
    this.scope = scope;
    this.authorizer = authorizer;
  }

  @Override
  public Map<String, Object> create(RequestContext context, Map<String, Object> body) {
    validate(context, body);
    UserInfo user = scope == Scope.SELF ? context.user() : subject(body);
    Decision decision = authorizer.authorize(attributes(user, body));
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("allowed", decision.allowed());
    if (decision.verdict() == Decision.Verdict.DENY) {
      status.put("denied", true);
    }
    if (!decision.reason().isEmpty()) {
      status.put("reason", decision.reason());
    }
    body.put("status", status);
    return body;
  }

  private void validate(RequestContext context, Map<String, Object> body) {
    List<FieldError> errors = new ArrayList<>();
    boolean resource = Trees.map(body, "spec", "resourceAttributes") != null;
    boolean path = Trees.map(body, "spec", "nonResourceAttributes") != null;
    if (resource && path) {
      errors.add(
          FieldError.invalid(
              "spec.nonResourceAttributes",
              Trees.map(body, "spec", "nonResourceAttributes"),
              "cannot be specified in combination with resourceAttributes"));
    }
    if (!resource && !path) {
      errors.add(
          FieldError.invalid(
              "spec.resourceAttributes",
              null,
              "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
    }
    if (scope != Scope.SELF
        && Trees.stringOr(body, "", "spec", "user").isEmpty()
        && Trees.list(body, "spec", "groups").isEmpty()) {
      errors.add(
          FieldError.invalid("spec.user", "", "at least one of user or group must be specified"));
    }
    if (scope == Scope.NAMESPACE) {
      String namespace = context.info().namespace();
      String asked = Trees.stringOr(body, "", "spec", "resourceAttributes", "namespace");
      if (!asked.equals(namespace)) {
        errors.add(
            FieldError.invalid(
                "spec.resourceAttributes.namespace", asked, "must match metadata.namespace"));
      }
      if (path) {
        errors.add(
            FieldError.invalid(
                "spec.nonResourceAttributes",
                Trees.map(body, "spec", "nonResourceAttributes"),
                "disallowed on this kind of request"));
      }
    }
    if (!errors.isEmpty()) {
      throw ApiException.invalid(GROUP, scope.kind, "", errors);
    }
  }

  private static UserInfo subject(Map<String, Object> body) {
    Map<String, List<String>> extra = new HashMap<>();
    Map<String, Object> given = Trees.map(body, "spec", "extra");
    if (given != null) {
      given.keySet().forEach(key -> extra.put(key, Trees.strings(given, key)));
    }
    return new UserInfo(
        Trees.stringOr(body, "", "spec", "user"),
        Trees.stringOr(body, "", "spec", "uid"),
        Trees.strings(body, "spec", "groups"),
        extra);
  }

  private static RequestAttributes attributes(UserInfo user, Map<String, Object> body) {
    Map<String, Object> resource = Trees.map(body, "spec", "resourceAttributes");
    if (resource == null) {
      return RequestAttributes.nonResource(
          user,
          Trees.stringOr(body, "", "spec", "nonResourceAttributes", "verb"),
          Trees.stringOr(body, "", "spec", "nonResourceAttributes", "path"));
    }
    String version = Trees.stringOr(resource, "", "version");
    return RequestAttributes.resource(
        user,
        Trees.stringOr(resource, "", "verb"),
        Trees.stringOr(resource, "", "group"),
        version.isEmpty() ? "*" : version,
        Trees.stringOr(resource, "", "resource"),
        Trees.stringOr(resource, "", "subresource"),
        Trees.stringOr(resource, "", "namespace"),
        Trees.stringOr(resource, "", "name"));
  }
}
