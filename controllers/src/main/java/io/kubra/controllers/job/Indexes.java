package io.kubra.controllers.job;

import java.util.BitSet;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** An immutable set of completion indexes, written as {@code 1,3-5,7}. */
final class Indexes {
  static final Indexes NONE = new Indexes(new BitSet());

  private final BitSet bits;

  private Indexes(BitSet bits) {
    this.bits = bits;
  }

  /** Reads a set; what cannot be read and what is not below the limit is left out. */
  static Indexes parse(@Nullable String text, int limit) {
    BitSet bits = new BitSet();
    for (String part : text == null || text.isEmpty() ? new String[0] : text.split(",")) {
      String[] ends = part.split("-", 2);
      try {
        int first = Integer.parseInt(ends[0]);
        int last = Math.min(ends.length == 2 ? Integer.parseInt(ends[1]) : first, limit - 1);
        if (first <= last) {
          bits.set(first, last + 1);
        }
      } catch (NumberFormatException e) {
        continue;
      }
    }
    return new Indexes(bits);
  }

  boolean has(int index) {
    return index >= 0 && bits.get(index);
  }

  int total() {
    return bits.cardinality();
  }

  Indexes with(Collection<Integer> more) {
    BitSet union = (BitSet) bits.clone();
    more.forEach(union::set);
    return new Indexes(union);
  }

  Indexes union(Indexes other) {
    BitSet union = (BitSet) bits.clone();
    union.or(other.bits);
    return new Indexes(union);
  }

  /** How many of these are in the other set too. */
  int shared(Indexes other) {
    BitSet both = (BitSet) bits.clone();
    both.and(other.bits);
    return both.cardinality();
  }

  /** The lowest index from a start on that is not in the set. */
  int nextMissing(int from) {
    return bits.nextClearBit(from);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    int first = bits.nextSetBit(0);
    while (first >= 0) {
      int last = bits.nextClearBit(first) - 1;
      if (!text.isEmpty()) {
        text.append(',');
      }
      text.append(first);
      if (last > first) {
        text.append(last == first + 1 ? ',' : '-').append(last);
      }
      first = bits.nextSetBit(last + 1);
    }
    return text.toString();
  }
}
