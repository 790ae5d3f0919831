package io.kubra.store.image;

import java.util.Arrays;

/** Array copies with one slot more, less or changed. */
final class Slots {
  private Slots() {}

  static <T> T[] concat(T[] left, T[] right) {
    T[] all = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, all, left.length, right.length);
    return all;
  }

  static <T> T[] replace(T[] slots, int at, T slot) {
    T[] next = slots.clone();
    next[at] = slot;
    return next;
  }

  static <T> T[] insert(T[] slots, int at, T slot) {
    T[] next = Arrays.copyOf(slots, slots.length + 1);
    System.arraycopy(slots, at, next, at + 1, slots.length - at);
    next[at] = slot;
    return next;
  }

  static <T> T[] remove(T[] slots, int at) {
    T[] next = Arrays.copyOf(slots, slots.length - 1);
    System.arraycopy(slots, at + 1, next, at, next.length - at);
    return next;
  }

  /** The slots with {@code removed} of them, from {@code at} on, replaced by others. */
  static <T> T[] splice(T[] slots, int at, int removed, T[] others) {
    T[] next = Arrays.copyOf(slots, slots.length - removed + others.length);
    System.arraycopy(others, 0, next, at, others.length);
    int tail = at + removed;
    System.arraycopy(slots, tail, next, at + others.length, slots.length - tail);
    return next;
  }
}
