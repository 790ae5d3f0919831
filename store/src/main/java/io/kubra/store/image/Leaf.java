package io.kubra.store.image;

import io.kubra.store.Entry;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A run of entries in key order. */
final class Leaf implements Node {
  static final Leaf EMPTY = new Leaf(new Entry[0]);

  private final Entry[] entries;

  Leaf(Entry[] entries) {
    this.entries = entries;
  }

  /** One leaf, or two when one would be too wide. */
  static Node[] split(Entry[] entries) {
    if (entries.length <= WIDTH) {
      return new Node[] {new Leaf(entries)};
    }
    int half = entries.length / 2;
    return new Node[] {
      new Leaf(Arrays.copyOf(entries, half)),
      new Leaf(Arrays.copyOfRange(entries, half, entries.length))
    };
  }

  Entry[] entries() {
    return entries;
  }

  @Override
  public long size() {
    return entries.length;
  }

  @Override
  public int width() {
    return entries.length;
  }

  @Override
  public String firstKey() {
    return entries[0].key();
  }

  @Override
  public @Nullable Entry get(String key) {
    int at = find(key);
    return at < 0 ? null : entries[at];
  }

  @Override
  public Node[] with(Entry entry) {
    int at = find(entry.key());
    return at >= 0
        ? new Node[] {new Leaf(Slots.replace(entries, at, entry))}
        : split(Slots.insert(entries, -at - 1, entry));
  }

  @Override
  public Node without(String key) {
    int at = find(key);
    return at < 0 ? this : new Leaf(Slots.remove(entries, at));
  }

  @Override
  public long rank(String key) {
    int at = find(key);
    return at < 0 ? -at - 1 : at;
  }

  @Override
  public boolean collect(String start, String end, int limit, List<Entry> out) {
    for (int i = (int) rank(start); i < entries.length; i++) {
      Entry entry = entries[i];
      if (out.size() >= limit || (!end.isEmpty() && entry.key().compareTo(end) >= 0)) {
        return false;
      }
      out.add(entry);
    }
    return true;
  }

  @Override
  public void forEach(Consumer<Entry> action) {
    for (Entry entry : entries) {
      action.accept(entry);
    }
  }

  /** Where the key is, or {@code -insertion point - 1}. */
  private int find(String key) {
    int low = 0;
    int high = entries.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = entries[middle].key().compareTo(key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }
}
