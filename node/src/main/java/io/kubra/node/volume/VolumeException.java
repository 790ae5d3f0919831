package io.kubra.node.volume;

/** A volume cannot be put into place now; the message is what the FailedMount event says. */
public final class VolumeException extends Exception {
  private static final long serialVersionUID = 1L;

  public VolumeException(String message) {
    super(message);
  }

  public VolumeException(String message, Throwable cause) {
    super(message, cause);
  }
}
