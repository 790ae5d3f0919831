package io.kubra.api.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Json;
import io.kubra.api.json.RandomTrees;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TreesTest {
  private final Map<String, Object> tree =
      Json.parseObject(
          "{\"a\":{\"s\":\"x\",\"n\":1,\"d\":2.0,\"b\":true,\"l\":[{\"k\":1},\"y\"],\"z\":null}}"
              .getBytes(StandardCharsets.UTF_8));

  @Test
  void readsByPathAndTakesOtherTypesAsAbsent() {
    assertThat(Trees.string(tree, "a", "s")).isEqualTo("x");
    assertThat(Trees.string(tree, "a", "n")).isNull();
    assertThat(Trees.stringOr(tree, "def", "a", "none", "deeper")).isEqualTo("def");
    assertThat(Trees.integer(tree, "a", "d")).isEqualTo(2L);
    assertThat(Trees.bool(tree, "a", "b")).isTrue();
    assertThat(Trees.maps(tree, "a", "l")).containsExactly(Map.of("k", 1L));
    assertThat(Trees.strings(tree, "a", "l")).containsExactly("y");
    assertThat(Trees.list(tree, "a", "s")).isEmpty();
  }

  @Test
  void writesByPathAndMakesParents() {
    Trees.set(tree, 5L, "n", "m", "o");
    assertThat(Trees.integer(tree, "n", "m", "o")).isEqualTo(5);
    Trees.remove(tree, "n", "m", "o");
    Trees.remove(tree, "not", "there");
    assertThat(Trees.map(tree, "n", "m")).isEmpty();
    Trees.setDefault(tree, "d", "a", "z");
    Trees.setDefault(tree, "d", "a", "s");
    assertThat(Trees.string(tree, "a", "z")).isEqualTo("d");
    assertThat(Trees.string(tree, "a", "s")).isEqualTo("x");
  }

  @Test
  void equalityIsOfMeaning() {
    assertThat(Trees.equal(Map.of("a", 1L), Map.of("a", 1.0))).isTrue();
    Map<String, Object> withNull = new LinkedHashMap<>();
    withNull.put("a", null);
    assertThat(Trees.equal(withNull, Map.of())).isFalse();
    assertThat(Trees.equal(withNull, Map.of("b", 1L))).isFalse();
    assertThat(Trees.equal(List.of(1L), List.of(1L, 2L))).isFalse();
    assertThat(Trees.equal("1", 1L)).isFalse();
  }

  @Test
  void copiesAreEqualAndShareNothing() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      Object value = RandomTrees.value(random, 5);
      Object copy = Trees.deepCopy(value);
      assertThat(Trees.equal(copy, value)).as("seed " + seed).isTrue();
    }
    Map<String, Object> copy = Trees.deepCopy(tree);
    Trees.set(copy, "changed", "a", "s");
    assertThat(Trees.string(tree, "a", "s")).isEqualTo("x");
  }
}
