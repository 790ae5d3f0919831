package io.kubra.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.Schema;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The texts for types and fields. */
class DescriptionsTest {
  @Test
  void everyTextIsForATypeOrFieldThatExists() {
    Set<String> known = new HashSet<>();
    for (String name : Catalogue.builtin().typeNames()) {
      String type = name.substring(name.lastIndexOf('.') + 1);
      known.add(type);
      Schema schema = Catalogue.builtin().type(name);
      schema.fields().keySet().forEach(f -> known.add(type + "." + f));
    }
    assertThat(Descriptions.load().keys()).filteredOn(k -> !k.startsWith("*")).isSubsetOf(known);
  }

  @Test
  void aTypesOwnTextWinsOverThatOfItsLastWordAndOfAll() {
    Descriptions texts = Descriptions.load();
    assertThat(texts.field("io.k8s.api.core.v1.PodCondition", "status"))
        .isEqualTo("True, False or Unknown.");
    assertThat(texts.field("io.k8s.api.apps.v1.ReplicaSet", "status"))
        .isEqualTo("What is observed; written by the system.");
    assertThat(texts.field("io.k8s.api.core.v1.Pod", "spec")).isEqualTo("What is to run, and how.");
    assertThat(texts.field("io.k8s.api.core.v1.Pod", "nope")).isEmpty();
  }
}
