package io.kubra.node.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionTest {
  @ParameterizedTest
  @CsvSource({
    "$(A), one",
    "x$(A)y$(B)z, xoneytwoz",
    "$(C), $(C)",
    "$$(A), $(A)",
    "$$$(A), $one",
    "$A, $A",
    "$(A, $(A",
    "a$, a$",
    "$$, $",
    "$($(A)), $($(A))",
  })
  void onlyReferencesToKnownNamesAreReplaced(String text, String expanded) {
    assertThat(Expansion.expand(text, Map.of("A", "one", "B", "two")::get)).isEqualTo(expanded);
  }
}
