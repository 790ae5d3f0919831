package io.kubra.apiserver.cache;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A persistent sorted map from String to V: every change returns a new tree that shares all but the
 * changed path with the old one. A weight-balanced tree, so that positions can be counted in
 * logarithmic time. Immutable and safe to share.
 */
public final class SortedTree<V> {
  private static final SortedTree<?> EMPTY = new SortedTree<>(null);
  private static final int DELTA = 3;
  private static final int GAMMA = 2;

  private final @Nullable Node<V> root;

  private record Node<V>(
      String key, V value, int size, @Nullable Node<V> left, @Nullable Node<V> right) {}

  private SortedTree(@Nullable Node<V> root) {
    this.root = root;
  }

  /** The tree without entries. */
  @SuppressWarnings("unchecked")
  public static <V> SortedTree<V> empty() {
    return (SortedTree<V>) EMPTY;
  }

  /** The number of entries. */
  public int size() {
    return size(root);
  }

  /** Returns the value of a key or null. */
  public @Nullable V get(String key) {
    Node<V> n = root;
    while (n != null) {
      int c = key.compareTo(n.key);
      if (c == 0) {
        return n.value;
      }
      n = c < 0 ? n.left : n.right;
    }
    return null;
  }

  /** Returns a tree in which the key has this value. */
  public SortedTree<V> put(String key, V value) {
    return new SortedTree<>(put(root, key, value));
  }

  /** Returns a tree without the key. */
  public SortedTree<V> remove(String key) {
    return get(key) == null ? this : new SortedTree<>(remove(root, key));
  }

  /** The number of keys in [start, end); an empty end is unbounded. */
  public int count(String start, String end) {
    return (end.isEmpty() ? size() : rank(end)) - rank(start);
  }

  /**
   * Visits the values of the keys in [start, end) in order until the visitor returns false; an
   * empty end is unbounded.
   */
  public void forEach(String start, String end, Predicate<? super V> visitor) {
    visit(root, start, end, visitor);
  }

  private int rank(String key) {
    int before = 0;
    Node<V> n = root;
    while (n != null) {
      if (key.compareTo(n.key) <= 0) {
        n = n.left;
      } else {
        before += size(n.left) + 1;
        n = n.right;
      }
    }
    return before;
  }

  private static <V> boolean visit(
      @Nullable Node<V> n, String start, String end, Predicate<? super V> visitor) {
    if (n == null) {
      return true;
    }
    boolean afterStart = n.key.compareTo(start) >= 0;
    boolean beforeEnd = end.isEmpty() || n.key.compareTo(end) < 0;
    if (afterStart && !visit(n.left, start, end, visitor)) {
      return false;
    }
    if (afterStart && beforeEnd && !visitor.test(n.value)) {
      return false;
    }
    return !beforeEnd || visit(n.right, start, end, visitor);
  }

  private static int size(@Nullable Node<?> n) {
    return n == null ? 0 : n.size;
  }

  private static <V> Node<V> node(
      String key, V value, @Nullable Node<V> left, @Nullable Node<V> right) {
    return new Node<>(key, value, size(left) + size(right) + 1, left, right);
  }

  private static <V> Node<V> put(@Nullable Node<V> n, String key, V value) {
    if (n == null) {
      return new Node<>(key, value, 1, null, null);
    }
    int c = key.compareTo(n.key);
    if (c == 0) {
      return new Node<>(key, value, n.size, n.left, n.right);
    }
    return c < 0
        ? balance(n.key, n.value, put(n.left, key, value), n.right)
        : balance(n.key, n.value, n.left, put(n.right, key, value));
  }

  private static <V> @Nullable Node<V> remove(@Nullable Node<V> n, String key) {
    if (n == null) {
      return null;
    }
    int c = key.compareTo(n.key);
    if (c < 0) {
      return balance(n.key, n.value, remove(n.left, key), n.right);
    }
    if (c > 0) {
      return balance(n.key, n.value, n.left, remove(n.right, key));
    }
    if (n.left == null) {
      return n.right;
    }
    if (n.right == null) {
      return n.left;
    }
    Node<V> next = n.right;
    while (next.left != null) {
      next = next.left;
    }
    return balance(next.key, next.value, n.left, remove(n.right, next.key));
  }

  private static <V> Node<V> balance(
      String key, V value, @Nullable Node<V> left, @Nullable Node<V> right) {
    int l = size(left);
    int r = size(right);
    if (l + r <= 1) {
      return node(key, value, left, right);
    }
    if (right != null && r > DELTA * l) {
      return rotateLeft(key, value, left, right);
    }
    if (left != null && l > DELTA * r) {
      return rotateRight(key, value, left, right);
    }
    return node(key, value, left, right);
  }

  private static <V> Node<V> rotateLeft(
      String key, V value, @Nullable Node<V> left, Node<V> right) {
    Node<V> inner = right.left;
    if (inner == null || size(inner) < GAMMA * size(right.right)) {
      return node(right.key, right.value, node(key, value, left, inner), right.right);
    }
    return node(
        inner.key,
        inner.value,
        node(key, value, left, inner.left),
        node(right.key, right.value, inner.right, right.right));
  }

  private static <V> Node<V> rotateRight(
      String key, V value, Node<V> left, @Nullable Node<V> right) {
    Node<V> inner = left.right;
    if (inner == null || size(inner) < GAMMA * size(left.left)) {
      return node(left.key, left.value, left.left, node(key, value, inner, right));
    }
    return node(
        inner.key,
        inner.value,
        node(left.key, left.value, left.left, inner.left),
        node(key, value, inner.right, right));
  }
}
