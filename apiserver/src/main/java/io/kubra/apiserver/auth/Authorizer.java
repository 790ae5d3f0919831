package io.kubra.apiserver.auth;

/** Decides whether a user may do what a request asks for. Called concurrently, on every request. */
@FunctionalInterface
public interface Authorizer {

  /** Everything is allowed; for tests. */
  Authorizer ALLOW_ALL = a -> Decision.ALLOWED;

  /** Returns the decision; {@link Decision.Verdict#NO_OPINION} ends as a refusal. */
  Decision authorize(RequestAttributes attributes);
}
