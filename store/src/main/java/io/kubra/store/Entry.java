package io.kubra.store;

/**
 * A key with its value.
 *
 * <p>Two entries are equal when they are the same write: value arrays are compared by identity.
 *
 * @param createRevision the revision of the put that created the key
 * @param modRevision the revision of the last put
 * @param version 1 after creation, plus one per put
 */
@SuppressWarnings("ArrayRecordComponent") // values are opaque and large: shared, never copied
public record Entry(String key, byte[] value, long createRevision, long modRevision, long version) {

  @Override
  public String toString() {
    return key + "@" + modRevision + " v" + version + " (" + value.length + " bytes)";
  }
}
