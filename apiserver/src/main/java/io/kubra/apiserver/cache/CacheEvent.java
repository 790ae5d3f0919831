package io.kubra.apiserver.cache;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A change of one resource's objects. The JSON frames that watchers send are made once, by
 * whichever watcher is first, and shared.
 */
public final class CacheEvent {
  private final long revision;
  private final @Nullable StoredObject current;
  private final @Nullable StoredObject previous;
  private final SortedTree<StoredObject> after;
  private final byte[] @Nullable [] frames = new byte[Type.values().length][];
  private volatile @Nullable Map<Object, byte[]> converted;

  /** The types of watch events that carry an object. */
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }

  CacheEvent(
      long revision,
      @Nullable StoredObject current,
      @Nullable StoredObject previous,
      SortedTree<StoredObject> after) {
    this.revision = revision;
    this.current = current;
    this.previous = previous;
    this.after = after;
  }

  public long revision() {
    return revision;
  }

  /** The object after the change, null if it was deleted. */
  public @Nullable StoredObject current() {
    return current;
  }

  /** The object before the change, null if it was created. */
  public @Nullable StoredObject previous() {
    return previous;
  }

  /** All objects after the change. */
  public SortedTree<StoredObject> after() {
    return after;
  }

  /** What the change is to someone who sees only what the filter accepts; null if nothing. */
  public @Nullable Type typeFor(ObjectFilter filter) {
    boolean now = current != null && filter.accepts(current);
    boolean before = previous != null && filter.accepts(previous);
    if (now) {
      return before ? Type.MODIFIED : Type.ADDED;
    }
    return before ? Type.DELETED : null;
  }

  /** The object that an event of this type shows: for deletions the last state that was seen. */
  public StoredObject shown(Type type) {
    StoredObject object = type == Type.DELETED ? previous : current;
    if (object == null) {
      throw new IllegalStateException("no object for " + type);
    }
    return object.at(revision);
  }

  /** The event as a line of JSON; shared, not to be changed. */
  public byte[] frame(Type type) {
    byte[] frame = frames[type.ordinal()];
    if (frame == null) {
      // a race encodes twice, which does no harm
      frame = frame(type, shown(type));
      frames[type.ordinal()] = frame;
    }
    return frame;
  }

  /**
   * The event as a line of JSON in another version; made by the first who asks, and shared.
   *
   * @param version what tells versions apart
   */
  public byte[] frame(Type type, Object version, Supplier<byte[]> encoded) {
    Map<Object, byte[]> known = converted;
    if (known == null) {
      synchronized (this) {
        known = converted == null ? new ConcurrentHashMap<>(2) : converted;
        converted = known;
      }
    }
    Object key = List.of(type, version);
    byte[] frame = known.get(key);
    if (frame == null) {
      frame = encoded.get();
      known.put(key, frame);
    }
    return frame;
  }

  /** Encodes an event of an object as a line of JSON. */
  public static byte[] frame(Type type, StoredObject object) {
    byte[] head = ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII);
    byte[] out = new byte[head.length + object.wireLength() + 2];
    System.arraycopy(head, 0, out, 0, head.length);
    int at = object.copyTo(out, head.length);
    out[at] = '}';
    out[at + 1] = '\n';
    return out;
  }
}
