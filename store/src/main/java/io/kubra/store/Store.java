package io.kubra.store;

import org.jspecify.annotations.Nullable;

/**
 * Keys and values under one global revision.
 *
 * <p>Keys are strings such as {@code /registry/pods/default/a}, ordered as {@link
 * String#compareTo(String)} does. Values are opaque; nobody may change an array after it was handed
 * in or out. An empty store is at revision 1, as etcd's is, and every write adds one. All methods
 * may be called from any thread, virtual ones included. After {@link #close()} each of them throws
 * {@link StoreClosedException}.
 */
public interface Store extends AutoCloseable {

  /** The expected revision of a write that does not care what is there. */
  long ANY = -1;

  /** The expected revision of a write that creates: the key must not exist. */
  long ABSENT = 0;

  /** Passed as the end of a range: no upper bound. */
  String UNBOUNDED = "";

  /** The revision of the last write that readers can see. */
  long revision();

  /** The oldest revision that can still be read, and the oldest after which a watch can begin. */
  long compactRevision();

  /** The current entry under a key, or null when there is none. */
  @Nullable Entry get(String key);

  /**
   * Reads keys in order, from one consistent state.
   *
   * @param startInclusive the first key
   * @param endExclusive the key before which to stop, or {@link #UNBOUNDED}
   * @param limit at most so many entries; 0 for all
   * @param revision the state to read; 0 for the present one
   * @throws CompactedException when the revision is older than {@link #compactRevision()}
   * @throws FutureRevisionException when the revision is not reached yet
   */
  Range range(String startInclusive, String endExclusive, int limit, long revision);

  /** How many keys a range holds now, without reading them. */
  long count(String startInclusive, String endExclusive);

  /**
   * Writes a value and returns the new entry.
   *
   * @param expectedModRevision {@link #ABSENT}, {@link #ANY}, or the modification revision that the
   *     present entry must have
   * @param durability whether to wait for the disk
   * @throws RevisionMismatchException when the expectation does not hold; nothing is written
   * @throws StoreFullException when there is no space; nothing is written
   */
  Entry put(String key, byte[] value, long expectedModRevision, Durability durability);

  /**
   * Removes a key and returns what was there together with the revision of the removal.
   *
   * @param expectedModRevision {@link #ANY}, or the modification revision that the present entry
   *     must have
   * @throws RevisionMismatchException when the key does not exist or the expectation does not hold
   * @throws StoreFullException when there is no space; nothing is removed
   */
  Deleted delete(String key, long expectedModRevision, Durability durability);

  /**
   * Follows a range: every event of a revision greater than {@code afterRevision} reaches the
   * listener in order and exactly once, those of the past included.
   *
   * @param afterRevision the last revision that the caller knows; it may lie in the future
   * @throws CompactedException when it is older than {@link #compactRevision()}
   */
  Watch watch(
      String startInclusive, String endExclusive, long afterRevision, WatchListener listener);

  /**
   * Forgets all states before a revision. Does nothing when they are forgotten already.
   *
   * @throws FutureRevisionException when the revision is not reached yet
   */
  void compact(long revision);

  /** Flushes, ends all watches and releases the files. Calling it again does nothing. */
  @Override
  void close();
}
