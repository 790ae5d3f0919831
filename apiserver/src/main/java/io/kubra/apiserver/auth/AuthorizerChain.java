package io.kubra.apiserver.auth;

import java.util.List;

/**
 * Asks authorisers in turn until one has an opinion. Members of {@code system:masters} may do
 * everything, and everybody may ask after the server's health and version.
 */
public final class AuthorizerChain implements Authorizer {
  private final Authorizer[] authorizers;

  public AuthorizerChain(List<Authorizer> authorizers) {
    this.authorizers = authorizers.toArray(Authorizer[]::new);
  }

  @Override
  public Decision authorize(RequestAttributes attributes) {
    if (attributes.user().in(UserInfo.MASTERS)) {
      return Decision.ALLOWED;
    }
    if (!attributes.resourceRequest() && open(attributes)) {
      return Decision.ALLOWED;
    }
    StringBuilder reasons = new StringBuilder();
    for (Authorizer authorizer : authorizers) {
      Decision decision = authorizer.authorize(attributes);
      if (decision.verdict() != Decision.Verdict.NO_OPINION) {
        return decision;
      }
      if (!decision.reason().isEmpty()) {
        reasons.append(reasons.isEmpty() ? "" : ", ").append(decision.reason());
      }
    }
    return reasons.isEmpty()
        ? Decision.NO_OPINION
        : new Decision(Decision.Verdict.NO_OPINION, reasons.toString());
  }

  /** Probes must work while roles are not loaded yet. */
  private static boolean open(RequestAttributes asked) {
    String path = asked.path();
    if (!asked.verb().equals("get") && !asked.verb().equals("head")) {
      return false;
    }
    return path.equals("/healthz") || path.equals("/livez") || path.equals("/readyz");
  }
}
