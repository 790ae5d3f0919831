package io.kubra.apiserver.remote;

/** A service outside did not answer, or refused. */
public final class RemoteException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int status;

  RemoteException(String message, int status) {
    super(message);
    this.status = status;
  }

  /** The HTTP status of the refusal; 0 if there was no answer. */
  public int status() {
    return status;
  }

  /** Whether it is worth asking again: there was no answer, or an error of the other server. */
  public boolean passing() {
    return status == 0 || status == 429 || status >= 500;
  }
}
