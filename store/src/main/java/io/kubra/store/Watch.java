package io.kubra.store;

/** A running watch. */
public interface Watch extends AutoCloseable {

  /**
   * Ends the watch. No further call begins; one that is under way may still finish after this
   * method has returned. The listener's {@code failed} is not called.
   */
  @Override
  void close();
}
