package io.kubra.store.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.store.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EntryTreeTest {
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private static Entry entry(String key, long revision) {
    return new Entry(key, new byte[0], revision, revision, 1);
  }

  @Test
  void itAgreesWithATreeMapThroughGrowthAndDecay() {
    NavigableMap<String, Entry> model = new TreeMap<>();
    EntryTree tree = EntryTree.EMPTY;
    for (int phase = 0; phase < 6; phase++) {
      int removals = phase % 2 == 0 ? 20 : 75;
      for (int i = 0; i < 4000; i++) {
        String key = "k" + random.nextInt(3000);
        if (random.nextInt(100) < removals) {
          model.remove(key);
          tree = tree.without(key);
        } else {
          Entry entry = entry(key, i);
          model.put(key, entry);
          tree = tree.with(entry);
        }
      }
      assertSame(tree, model);
    }
    for (String key : List.copyOf(model.keySet())) {
      tree = tree.without(key);
    }
    assertThat(tree).as("seed %d", seed).isSameAs(EntryTree.EMPTY);
  }

  private void assertSame(EntryTree tree, NavigableMap<String, Entry> model) {
    List<Entry> all = new ArrayList<>();
    tree.forEach(all::add);
    assertThat(all).as("seed %d", seed).containsExactlyElementsOf(model.values());
    assertThat(tree.size()).isEqualTo(model.size());
    for (int i = 0; i < 200; i++) {
      String start = "k" + random.nextInt(3200);
      String end = random.nextInt(5) == 0 ? "" : "k" + random.nextInt(3200);
      int limit = random.nextInt(50) + 1;
      List<Entry> expected =
          model.tailMap(start, true).values().stream()
              .takeWhile(e -> end.isEmpty() || e.key().compareTo(end) < 0)
              .toList();
      assertThat(tree.range(start, end, limit))
          .as("seed %d", seed)
          .isEqualTo(expected.subList(0, Math.min(limit, expected.size())));
      assertThat(tree.count(start, end)).as("seed %d", seed).isEqualTo(expected.size());
      assertThat(tree.get(start)).isSameAs(model.get(start));
    }
  }

  @Test
  void aTreeBuiltFromSortedEntriesHoldsThem() {
    for (int size : new int[] {0, 1, 32, 33, 1024, 1025, 40_000}) {
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        entries.add(entry("%06d".formatted(i), i));
      }
      EntryTree tree = EntryTree.ofSorted(entries);
      assertThat(tree.size()).isEqualTo(size);
      assertThat(tree.range("", "", Integer.MAX_VALUE)).isEqualTo(entries);
      assertThat(tree.with(entry("x", 1)).without("x").range("", "", size + 1)).isEqualTo(entries);
    }
  }

  @Test
  void anOlderTreeStaysAsItWas() {
    EntryTree before = EntryTree.EMPTY;
    for (int i = 0; i < 100; i++) {
      before = before.with(entry("k" + i, i));
    }
    List<Entry> then = before.range("", "", 1000);
    EntryTree after = before;
    for (int i = 0; i < 100; i++) {
      after = after.without("k" + i);
    }
    assertThat(after.size()).isZero();
    assertThat(before.range("", "", 1000)).isEqualTo(then);
  }
}
