package io.kubra.apiserver.review;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.RequestAuthenticator;
import io.kubra.apiserver.auth.TokenAuthenticator;
import io.kubra.apiserver.request.CreateHandler;
import io.kubra.apiserver.request.RequestContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers TokenReviews: whose token is this? */
public final class TokenReviews implements CreateHandler {
  private final TokenAuthenticator tokens;
  private final List<String> apiAudiences;

  /**
   * @param apiAudiences the audiences that stand for this server
   */
  public TokenReviews(TokenAuthenticator tokens, List<String> apiAudiences) {
    this.tokens = tokens;
    this.apiAudiences = List.copyOf(apiAudiences);
  }

  @Override
  public Map<String, Object> create(RequestContext context, Map<String, Object> body) {
    String token = Trees.stringOr(body, "", "spec", "token");
    if (token.isEmpty()) {
      throw ApiException.badRequest("token is required for TokenReview in authentication");
    }
    List<String> audiences = Trees.strings(body, "spec", "audiences");
    if (audiences.isEmpty()) {
      audiences = apiAudiences;
    }
    Map<String, Object> status = new LinkedHashMap<>();
    Optional<TokenAuthenticator.Identity> identity = tokens.authenticate(token, audiences);
    if (identity.isPresent()) {
      status.put("authenticated", true);
      status.put(
          "user",
          RequestAuthenticator.toTree(RequestAuthenticator.inAuthenticated(identity.get().user())));
      status.put("audiences", new ArrayList<Object>(identity.get().audiences()));
    } else {
      status.put("user", new LinkedHashMap<String, Object>());
      status.put("error", "invalid bearer token");
    }
    body.put("status", status);
    return body;
  }
}
