package io.kubra.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SortedTreeTest {
  @Test
  void behavesAsATreeMapAndKeepsOldVersions() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    TreeMap<String, Integer> model = new TreeMap<>();
    SortedTree<Integer> tree = SortedTree.empty();
    List<SortedTree<Integer>> versions = new ArrayList<>();
    List<List<Integer>> contents = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      String key = "k" + random.nextInt(400);
      if (random.nextInt(3) == 0) {
        tree = tree.remove(key);
        model.remove(key);
      } else {
        tree = tree.put(key, i);
        model.put(key, i);
      }
      assertThat(tree.size()).as("seed %d", seed).isEqualTo(model.size());
      if (i % 100 == 0) {
        String from = "k" + random.nextInt(400);
        String to = "k" + random.nextInt(400);
        assertThat(values(tree, "", ""))
            .as("seed %d", seed)
            .containsExactlyElementsOf(model.values());
        if (from.compareTo(to) < 0) {
          assertThat(values(tree, from, to))
              .as("seed %d", seed)
              .containsExactlyElementsOf(model.subMap(from, to).values());
          assertThat(tree.count(from, to)).isEqualTo(model.subMap(from, to).size());
        }
        versions.add(tree);
        contents.add(List.copyOf(model.values()));
      }
    }
    for (int i = 0; i < versions.size(); i++) {
      assertThat(values(versions.get(i), "", "")).as("seed %d", seed).isEqualTo(contents.get(i));
    }
  }

  @Test
  void aVisitEndsWhenTheVisitorHasEnough() {
    SortedTree<Integer> tree = SortedTree.empty();
    for (int i = 0; i < 10; i++) {
      tree = tree.put("k" + i, i);
    }
    List<Integer> seen = new ArrayList<>();
    tree.forEach(
        "k2",
        "",
        v -> {
          seen.add(v);
          return seen.size() < 3;
        });
    assertThat(seen).containsExactly(2, 3, 4);
  }

  private static List<Integer> values(SortedTree<Integer> tree, String from, String to) {
    List<Integer> values = new ArrayList<>();
    tree.forEach(from, to, values::add);
    return values;
  }
}
