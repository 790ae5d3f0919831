package io.kubra.transport.spdy;

/** A stream could not be opened or written. */
public final class SpdyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public SpdyException(String message) {
    super(message);
  }
}
