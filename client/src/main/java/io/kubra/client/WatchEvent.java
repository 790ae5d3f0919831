package io.kubra.client;

/**
 * One event of a watch. A bookmark's object carries only the resource version.
 *
 * @param type what happened
 * @param object the object after it, for {@code DELETED} as it last was
 */
public record WatchEvent<T>(Type type, T object) {
  /** What happened to the object. */
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED,
    BOOKMARK
  }
}
