package io.kubra.store.image;

import io.kubra.store.Entry;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node of an {@link EntryTree}. Never changed once it can be reached from a tree. */
sealed interface Node permits Leaf, Branch {

  /** The most entries of a leaf, and the most children of a branch. */
  int WIDTH = 32;

  /** A node with fewer is joined with a neighbour when a removal passes by. */
  int SPARSE = WIDTH / 4;

  /** How many entries lie in or below this node. */
  long size();

  /** How many entries or children the node holds itself. */
  int width();

  /** The smallest key; only asked of nodes that are not empty. */
  String firstKey();

  @Nullable Entry get(String key);

  /** The node with an entry, as one node or, when it had to be split, two. */
  Node[] with(Entry entry);

  /** The node without a key; the same node if the key is not there. */
  Node without(String key);

  /** How many entries have a smaller key. */
  long rank(String key);

  /** Adds entries from {@code start} on; returns false when the end or the limit is reached. */
  boolean collect(String start, String end, int limit, List<Entry> out);

  void forEach(Consumer<Entry> action);

  /** Both nodes' contents as one node, or as two of like width when one cannot hold them. */
  static Node[] join(Node left, Node right) {
    return switch (left) {
      case Leaf leaf -> Leaf.split(Slots.concat(leaf.entries(), ((Leaf) right).entries()));
      case Branch branch ->
          Branch.split(Slots.concat(branch.children(), ((Branch) right).children()));
    };
  }
}
