package io.kubra.apiserver.pki;

/** Certificates or keys cannot be made, read or written; the message says which and why. */
public final class PkiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PkiException(String message) {
    super(message);
  }

  public PkiException(String message, Throwable cause) {
    super(message, cause);
  }
}
