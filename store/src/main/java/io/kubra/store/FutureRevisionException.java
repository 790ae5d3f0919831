package io.kubra.store;

/** The revision asked for is not reached yet. */
public final class FutureRevisionException extends StoreException {
  private static final long serialVersionUID = 1;

  private final long revision;

  /** Tells the revision asked for and the newest one there is. */
  public FutureRevisionException(long requested, long revision) {
    super("revision " + requested + " is in the future, the newest is " + revision);
    this.revision = revision;
  }

  /** The newest revision there is. */
  public long revision() {
    return revision;
  }
}
