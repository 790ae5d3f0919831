package io.kubra.apiserver.webhook;

/** A webhook could not be asked, or did not answer as it must. The message is for users. */
public final class WebhookException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a text for users. */
  public WebhookException(String message) {
    super(message, null, false, false);
  }

  /** The text, never null. */
  public String message() {
    return String.valueOf(getMessage());
  }
}
