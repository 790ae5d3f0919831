package io.kubra.store;

/** The revision asked for is forgotten. */
public final class CompactedException extends StoreException {
  private static final long serialVersionUID = 1;

  private final long compactRevision;

  /** Tells the revision asked for and the oldest one there is. */
  public CompactedException(long requested, long compactRevision) {
    super("revision " + requested + " is compacted, the oldest is " + compactRevision);
    this.compactRevision = compactRevision;
  }

  /** The oldest revision that can be asked for. */
  public long compactRevision() {
    return compactRevision;
  }
}
