package io.kubra.store.image;

import io.kubra.store.Entry;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Nodes of equal height in key order; none of them is empty. */
final class Branch implements Node {
  private final Node[] children;
  private final String[] firsts;
  private final long size;

  Branch(Node[] children) {
    this.children = children;
    this.firsts = new String[children.length];
    long sum = 0;
    for (int i = 0; i < children.length; i++) {
      firsts[i] = children[i].firstKey();
      sum += children[i].size();
    }
    this.size = sum;
  }

  private Branch(Node[] children, String[] firsts, long size) {
    this.children = children;
    this.firsts = firsts;
    this.size = size;
  }

  /** One branch, or two when one would be too wide. */
  static Node[] split(Node[] children) {
    if (children.length <= WIDTH) {
      return new Node[] {new Branch(children)};
    }
    int half = children.length / 2;
    return new Node[] {
      new Branch(Arrays.copyOf(children, half)),
      new Branch(Arrays.copyOfRange(children, half, children.length))
    };
  }

  Node[] children() {
    return children;
  }

  Node child(int at) {
    return children[at];
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int width() {
    return children.length;
  }

  @Override
  public String firstKey() {
    return firsts[0];
  }

  @Override
  public @Nullable Entry get(String key) {
    return children[childOf(key)].get(key);
  }

  @Override
  public Node[] with(Entry entry) {
    int at = childOf(entry.key());
    Node[] replaced = children[at].with(entry);
    return replaced.length == 1
        ? new Node[] {replace(at, replaced[0])}
        : split(Slots.splice(children, at, 1, replaced));
  }

  @Override
  public Node without(String key) {
    int at = childOf(key);
    Node child = children[at];
    Node next = child.without(key);
    if (next == child) {
      return this;
    }
    if (next.width() == 0) {
      return children.length == 1 ? Leaf.EMPTY : new Branch(Slots.remove(children, at));
    }
    if (next.width() < SPARSE && children.length > 1) {
      int left = at == 0 ? 0 : at - 1;
      Node[] joined = at == 0 ? Node.join(next, children[1]) : Node.join(children[left], next);
      return new Branch(Slots.splice(children, left, 2, joined));
    }
    return replace(at, next);
  }

  /** The commonest change, made without a look at the other children. */
  private Branch replace(int at, Node next) {
    String first = next.firstKey();
    return new Branch(
        Slots.replace(children, at, next),
        first.equals(firsts[at]) ? firsts : Slots.replace(firsts, at, first),
        size - children[at].size() + next.size());
  }

  @Override
  public long rank(String key) {
    int at = childOf(key);
    long before = 0;
    for (int i = 0; i < at; i++) {
      before += children[i].size();
    }
    return before + children[at].rank(key);
  }

  @Override
  public boolean collect(String start, String end, int limit, List<Entry> out) {
    for (int i = childOf(start); i < children.length; i++) {
      if (!children[i].collect(start, end, limit, out)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void forEach(Consumer<Entry> action) {
    for (Node child : children) {
      child.forEach(action);
    }
  }

  /** The only child that can hold the key. */
  private int childOf(String key) {
    int at = Arrays.binarySearch(firsts, key);
    return at >= 0 ? at : Math.max(0, -at - 2);
  }
}
