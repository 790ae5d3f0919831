package io.kubra.store;

import org.jspecify.annotations.Nullable;

/** One change of one key. */
public sealed interface StoreEvent {

  /** The revision of the change. */
  long revision();

  /** The key that changed. */
  String key();

  /**
   * A key was created or changed.
   *
   * @param previous the entry before, or null when the key was created
   */
  record Put(Entry entry, @Nullable Entry previous) implements StoreEvent {
    @Override
    public long revision() {
      return entry.modRevision();
    }

    @Override
    public String key() {
      return entry.key();
    }
  }

  /**
   * A key was removed.
   *
   * @param previous the entry that was removed
   */
  record Delete(String key, long revision, Entry previous) implements StoreEvent {}
}
