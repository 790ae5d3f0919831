package io.kubra.apiserver.review;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.RequestAuthenticator;
import io.kubra.apiserver.request.CreateHandler;
import io.kubra.apiserver.request.RequestContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** Answers SelfSubjectReviews: who am I? */
public final class SelfSubjectReviews implements CreateHandler {

  @Override
  public Map<String, Object> create(RequestContext context, Map<String, Object> body) {
    Trees.set(body, RequestAuthenticator.toTree(context.user()), "status", "userInfo");
    Trees.set(
        body,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        "metadata",
        "creationTimestamp");
    return body;
  }
}
