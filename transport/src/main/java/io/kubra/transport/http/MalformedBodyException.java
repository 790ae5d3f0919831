package io.kubra.transport.http;

/** A request body does not follow the protocol, for example in its chunk sizes. */
public final class MalformedBodyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for people and what caused it. */
  public MalformedBodyException(String message, Throwable cause) {
    super(message, cause);
  }
}
