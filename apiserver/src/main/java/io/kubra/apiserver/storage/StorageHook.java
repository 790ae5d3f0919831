package io.kubra.apiserver.storage;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes part in the writes of one resource to keep something outside of the object exact, such as
 * the addresses of Services.
 */
public interface StorageHook {

  /** What was reserved for a write. */
  interface Reservation {
    /** Nothing reserved. */
    Reservation NONE = stored -> {};

    /** The write succeeded (true), or failed or was a dry run (false) and must leave no trace. */
    void end(boolean stored);
  }

  /**
   * Called before validation and the store, with the object to be written; may change it.
   *
   * @throws io.kubra.api.status.ApiException to refuse the write
   */
  Reservation beforeWrite(
      @Nullable Map<String, Object> old, Map<String, Object> next, boolean dryRun);

  /** Called after an object has gone. */
  void deleted(Map<String, Object> last);
}
