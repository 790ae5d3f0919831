package io.kubra.transport.http;

import java.nio.charset.StandardCharsets;

/** A protocol upgrade did not happen. */
public class UpgradeException extends TransportException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final byte[] body;

  /** With the status and body that were answered instead of 101. */
  public UpgradeException(String message, int status, byte[] body) {
    super(message);
    this.status = status;
    this.body = body.clone();
  }

  /** The status that was answered instead of 101. */
  public int status() {
    return status;
  }

  /** The body of that answer. */
  public byte[] body() {
    return body.clone();
  }

  /** The body of that answer as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
