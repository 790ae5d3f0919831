package io.kubra.transport.http;

/** A request body is larger than its reader allows. */
public final class BodyTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long limit;

  /** With the limit in bytes that was passed. */
  public BodyTooLargeException(long limit) {
    super("the body is larger than " + limit + " bytes");
    this.limit = limit;
  }

  /** The limit in bytes. */
  public long limit() {
    return limit;
  }
}
