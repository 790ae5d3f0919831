package io.kubra.store;

/** The store is closed. */
public final class StoreClosedException extends StoreException {
  private static final long serialVersionUID = 1;

  /** The usual message. */
  public StoreClosedException() {
    super("the store is closed");
  }
}
