package io.kubra.store.image;

import io.kubra.store.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted set of entries, one per key.
 *
 * <p>A B+ tree whose writes copy the path from the root to one leaf and share the rest. Each branch
 * knows how many entries lie below it, so that counting a range costs two descents.
 */
public final class EntryTree {

  /** The tree without entries. */
  public static final EntryTree EMPTY = new EntryTree(Leaf.EMPTY);

  private final Node root;

  private EntryTree(Node root) {
    this.root = root;
  }

  /** Builds a tree from entries that are already in ascending order of their keys. */
  public static EntryTree ofSorted(List<Entry> entries) {
    List<Node> level = new ArrayList<>();
    for (int from = 0; from < entries.size(); from += Node.WIDTH) {
      int to = Math.min(from + Node.WIDTH, entries.size());
      level.add(new Leaf(entries.subList(from, to).toArray(Entry[]::new)));
    }
    while (level.size() > 1) {
      List<Node> above = new ArrayList<>();
      for (int from = 0; from < level.size(); from += Node.WIDTH) {
        int to = Math.min(from + Node.WIDTH, level.size());
        above.add(new Branch(level.subList(from, to).toArray(Node[]::new)));
      }
      level = above;
    }
    return level.isEmpty() ? EMPTY : new EntryTree(level.getFirst());
  }

  /** How many entries there are. */
  public long size() {
    return root.size();
  }

  /** The entry under a key, or null. */
  public @Nullable Entry get(String key) {
    return root.get(key);
  }

  /** The tree with an entry added, or put in the place of the one with the same key. */
  public EntryTree with(Entry entry) {
    Node[] replaced = root.with(entry);
    return new EntryTree(replaced.length == 1 ? replaced[0] : new Branch(replaced));
  }

  /** The tree without a key; this one if the key is not there. */
  public EntryTree without(String key) {
    Node next = root.without(key);
    if (next == root) {
      return this;
    }
    while (next instanceof Branch branch && branch.width() == 1) {
      next = branch.child(0);
    }
    return next.size() == 0 ? EMPTY : new EntryTree(next);
  }

  /** How many entries have a key in the range; an empty end means no upper bound. */
  public long count(String start, String end) {
    if (!end.isEmpty() && end.compareTo(start) <= 0) {
      return 0;
    }
    return (end.isEmpty() ? root.size() : root.rank(end)) - root.rank(start);
  }

  /** At most {@code limit} entries of a range in order; an empty end means no upper bound. */
  public List<Entry> range(String start, String end, int limit) {
    if (limit <= 0) {
      return List.of();
    }
    List<Entry> out = new ArrayList<>(Math.min(limit, 64));
    root.collect(start, end, limit, out);
    return Collections.unmodifiableList(out);
  }

  /** Hands all entries over in ascending order. */
  public void forEach(Consumer<Entry> action) {
    root.forEach(action);
  }
}
