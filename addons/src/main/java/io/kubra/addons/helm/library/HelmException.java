package io.kubra.addons.helm.library;

/** Something of Helm that failed; the message is Helm's own. */
public final class HelmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure with Helm's message. */
  public HelmException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public HelmException(String message, Throwable cause) {
    super(message, cause);
  }
}
