package io.kubra.conformance.cluster;

/** The cluster does not serve a kind that is needed. */
public final class UnservedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnservedException(String message) {
    super(message);
  }
}
