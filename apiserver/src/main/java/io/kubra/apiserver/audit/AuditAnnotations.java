package io.kubra.apiserver.audit;

/**
 * Takes the notes that authorisers and admission plugins make on a request, for its audit events.
 * Used by the request's thread.
 */
@FunctionalInterface
public interface AuditAnnotations {
  /** Takes no notes: the request is not audited. */
  AuditAnnotations NONE = (key, value, from) -> {};

  /**
   * Notes something; of several values for one key the first stays.
   *
   * @param key with the domain of who notes it: {@code pod-security.kubernetes.io/enforce-policy}
   * @param from the least level at which the note is recorded
   */
  void add(String key, String value, AuditLevel from);

  /** Notes something at all levels. */
  default void add(String key, String value) {
    add(key, value, AuditLevel.METADATA);
  }
}
