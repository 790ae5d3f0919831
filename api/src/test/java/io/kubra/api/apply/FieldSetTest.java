package io.kubra.api.apply;

import static io.kubra.api.apply.ApplyScenario.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FieldSetTest {
  private static FieldSet set(String... dotted) {
    return FieldSet.of(
        List.of(dotted).stream()
            .map(path -> List.of(path.split("\\.")).stream().map(PathElement::field).toList())
            .toList());
  }

  @Test
  void aDocumentComesBackAsItWas() {
    var document =
        tree(
            "{'f:a':{'.':{},'f:b':{}},'f:c':{},'f:l':{'k:{#n#:#x#}':{'.':{},'f:n':{}}}}"
                .replace("#", "\\'"));
    assertThat(FieldSet.fromFieldsV1(document).toFieldsV1()).isEqualTo(document);
  }

  @Test
  void keysAreNormalised() {
    var spaced = tree("{'f:p':{'k:{ #protocol#:#TCP#, #port#: 80 }':{}}}".replace("#", "\\'"));
    assertThat(FieldSet.fromFieldsV1(spaced).toString())
        .isEqualTo("[.p[port=80,protocol=\"TCP\"]]");
  }

  @Test
  void malformedElementsAreRefused() {
    assertThatThrownBy(() -> FieldSet.fromFieldsV1(tree("{'x:a':{}}")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FieldSet.fromFieldsV1(tree("{'k:{':{}}")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void setsCombine() {
    FieldSet left = set("a", "a.b", "c.d");
    FieldSet right = set("a", "c.d", "e");
    assertThat(left.union(right)).isEqualTo(set("a", "a.b", "c.d", "e"));
    assertThat(left.intersection(right)).isEqualTo(set("a", "c.d"));
    assertThat(left.difference(right)).isEqualTo(set("a.b"));
    assertThat(left.recursiveDifference(right)).isEqualTo(FieldSet.empty());
    assertThat(left.leaves()).isEqualTo(set("a.b", "c.d"));
  }
}
