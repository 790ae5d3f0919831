package io.kubra.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {
  private static byte[] utf8(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "yes|true",
        "y|true",
        "N|false",
        "Off|false",
        "on|true",
        "TRUE|true",
        "~|null",
        "0o17|15",
        "017|15",
        "0x1f|31",
        "1_000|1000",
        "1.5|1.5",
        ".5|0.5",
        "1e3|1000",
        "0b101|5",
        "09|9",
        "-7|-7",
        "+3|3",
        "2020-01-02|\"2020-01-02\"",
        "1.2.3|\"1.2.3\"",
        "'yes'|\"yes\"",
        "!!str 12|\"12\"",
        "v1|\"v1\"",
        "10.0.0.1|\"10.0.0.1\"",
        "\"12\"|\"12\""
      })
  void plainScalarsResolveAsInYaml11(String text, String json) {
    assertThat(Json.toString(Yaml.parse(utf8("a: " + text)))).isEqualTo("{\"a\":" + json + "}");
  }

  @Test
  void anchorsAndMergeKeysExpand() {
    assertThat(Yaml.parse(utf8("x: &x {a: 1, b: 2}\nw: {<<: *x, b: 3}\nz: *x\n")))
        .isEqualTo(
            Map.of(
                "x", Map.of("a", 1L, "b", 2L),
                "w", Map.of("a", 1L, "b", 3L),
                "z", Map.of("a", 1L, "b", 2L)));
  }

  @Test
  void exponentialAliasesAreRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 12; i++) {
      String below = "*a" + (i - 1);
      bomb.append("a" + i + ": &a" + i + " [" + (below + ",").repeat(8) + below + "]\n");
    }
    assertThatThrownBy(() -> Yaml.parse(utf8(bomb.toString())))
        .hasMessage("yaml: document contains excessive aliasing");
  }

  @Test
  void anAliasInsideWhatItNamesIsRefused() {
    assertThatThrownBy(() -> Yaml.parse(utf8("a: &a [1, *a]\n")))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessage("yaml: anchor 'a' value contains itself");
  }

  @Test
  void aliasesMayRepeatAFewThings() {
    assertThat(Yaml.parse(utf8("a: &a {b: &b [1]}\nc: [*a, *a, *b]\n")))
        .isEqualTo(
            Map.of(
                "a",
                Map.of("b", List.of(1L)),
                "c",
                List.of(Map.of("b", List.of(1L)), Map.of("b", List.of(1L)), List.of(1L))));
  }

  @Test
  void binaryThatIsNoneIsRefused() {
    assertThatThrownBy(() -> Yaml.parse(utf8("a: !!binary 'x'\n")))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessage("yaml: !!binary value contains invalid base64 data");
  }

  @Test
  void longKeysSurvive() {
    Map<String, Object> tree =
        Map.of("a", List.of(Map.of("k".repeat(2000), Map.of("\u0001".repeat(300), 1L))));

    assertThat(Yaml.parse(Yaml.write(tree))).isEqualTo(tree);
  }

  @ParameterizedTest
  @ValueSource(strings = {".inf", "-.Inf", ".nan", "1e999"})
  void textThatLooksLikeNoFiniteNumberSurvives(String text) {
    assertThat(Yaml.parse(Yaml.write(Map.of("a", text)))).isEqualTo(Map.of("a", text));
  }

  @Test
  void whatNoFloatCanHoldIsText() {
    assertThat(Yaml.parse(utf8("-1e999"))).isEqualTo("-1e999");
    assertThatThrownBy(() -> Yaml.parse(utf8("-.inf"))).hasMessage("json: unsupported value: -Inf");
  }

  @Test
  void documentsAreSeparatedAndEmptyOnesAreNone() {
    assertThat(Yaml.parseAll("---\na: 1\n---\n---\n# nothing\n---\nb: 2\n"))
        .isEqualTo(List.of(Map.of("a", 1L), Map.of("b", 2L)));
  }

  @Test
  void keysBecomeStrings() {
    assertThat(Yaml.parse(utf8("1: a\ntrue: b\n"))).isEqualTo(Map.of("1", "a", "true", "b"));
  }

  @Test
  void duplicateKeysAreReported() {
    List<String> duplicates = new ArrayList<>();
    assertThat(Yaml.parse(utf8("a: 1\nb:\n  c: 1\n  c: 2\n"), duplicates::add))
        .isEqualTo(Map.of("a", 1L, "b", Map.of("c", 2L)));
    assertThat(duplicates).containsExactly("line 4: key \"c\" already set in map");
  }

  @Test
  void brokenYamlNamesTheLine() {
    assertThatThrownBy(() -> Yaml.parse(utf8("a: 1\nb: [1\nc: 2\n")))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessageStartingWith("yaml: line ");
  }

  @Test
  void jsonIsYaml() {
    assertThat(Yaml.parse(utf8("{\"a\":[1,\"b\",null]}")))
        .isEqualTo(Json.parse("{\"a\":[1,\"b\",null]}"));
  }

  @Test
  void randomTreesSurviveTheRoundTrip() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      Object tree = RandomTrees.map(random, 4);
      byte[] yaml = Yaml.write(tree);
      assertThat(Yaml.parse(yaml))
          .as("seed " + seed + "\n" + new String(yaml, StandardCharsets.UTF_8))
          .isEqualTo(tree);
    }
  }

  @Test
  void multiLineTextIsWrittenAsABlock() {
    assertThat(
            new String(
                Yaml.write(Map.of("a", List.of(Map.of("t", "x\ny\n")))), StandardCharsets.UTF_8))
        .isEqualTo("a:\n- t: |\n    x\n    y\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? "})
  void deepNestingIsRefusedBeforeItIsRead(String opening) {
    byte[] text = opening.repeat(500_000).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Yaml.parse(text))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessageContaining("exceeded max depth");
  }
}
