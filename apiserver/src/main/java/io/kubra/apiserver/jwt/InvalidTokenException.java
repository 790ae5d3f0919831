package io.kubra.apiserver.jwt;

/** A token of a known issuer is not accepted; the message says why, for the log. */
final class InvalidTokenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  InvalidTokenException(String message) {
    super(message, null, false, false);
  }
}
