package io.kubra.apiserver.request;

import java.util.Map;

/**
 * Answers a POST that stores nothing under its own name, such as SubjectAccessReview, TokenReview
 * or serviceaccounts/token. The pipeline decodes, checks and defaults the body, and encodes the
 * answer (201).
 */
@FunctionalInterface
public interface CreateHandler {

  /** Returns the answer, normally the body with its status filled in. */
  Map<String, Object> create(RequestContext context, Map<String, Object> body) throws Exception;
}
