package io.kubra.api.json;

/** The text is not JSON or not YAML; the message says what is wrong in the reference's words. */
public final class JsonSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int offset;

  /** At the byte offset where reading stopped. */
  public JsonSyntaxException(String message, int offset) {
    super(message, null, false, false);
    this.offset = offset;
  }

  /** The byte offset where reading stopped. */
  public int offset() {
    return offset;
  }

  /** The message, never null. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
