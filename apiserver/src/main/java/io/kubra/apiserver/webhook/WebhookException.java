package io.kubra.apiserver.webhook;

/** A webhook could not be asked, or did not answer as it must. The message is for users. */
public final class WebhookException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  /** A failure before there was any answer. */
  public WebhookException(String message) {
    this(message, 0);
  }

  /**
   * @param code the HTTP status that was answered; 0 for none
   */
  public WebhookException(String message, int code) {
    super(message, null, false, false);
    this.code = code;
  }

  /** The text. */
  public String message() {
    return String.valueOf(getMessage());
  }

  /** The HTTP status that was answered; 0 for none. */
  public int code() {
    return code;
  }
}
