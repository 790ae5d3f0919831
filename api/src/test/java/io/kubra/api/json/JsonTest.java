package io.kubra.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  private static byte[] utf8(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,}|invalid character '}' looking for beginning of object key string",
        "{a:1}|invalid character 'a' looking for beginning of object key string",
        "{\"a\" 1}|invalid character '1' after object key",
        "{\"a\":1 \"b\":2}|invalid character '\"' after object key:value pair",
        "[1 2]|invalid character '2' after array element",
        "{\"a\":1|unexpected end of JSON input",
        "``|unexpected end of JSON input",
        "nul|unexpected end of JSON input",
        "nulx|invalid character 'x' in literal null (expecting 'l')",
        "01|invalid character '1' after top-level value",
        "-x|invalid character 'x' in numeric literal",
        "1.x|invalid character 'x' after decimal point in numeric literal",
        "\"\\x\"|invalid character 'x' in string escape code",
        "<html>|invalid character '<' looking for beginning of value",
      })
  void malformedTextIsRefusedInTheReferencesWords(String text, String message) {
    assertThatThrownBy(() -> Json.parse(utf8(text)))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessage(message);
  }

  @Test
  void numbersBecomeLongsWhereTheyFit() {
    assertThat(Json.parse("[0,-7,9223372036854775807,9223372036854775808,1.5,1e3,-0]"))
        .isEqualTo(List.of(0L, -7L, Long.MAX_VALUE, 9223372036854775808d, 1.5, 1000d, 0L));
  }

  @Test
  void numbersAreWrittenAsTheReferenceWritesThem() {
    assertThat(
            Json.toString(
                List.of(
                    1L,
                    1.0,
                    0.5,
                    1e20,
                    1e21,
                    1e-7,
                    123456789.125,
                    -2.5e-10,
                    1.7976931348623157e308)))
        .isEqualTo(
            "[1,1,0.5,100000000000000000000,1e+21,1e-7,123456789.125,-2.5e-10,1.7976931348623157e+308]");
  }

  @Test
  void stringsKeepEveryCharacter() {
    String text = "a\"\\\n\t\u0001é€😀/";
    assertThat(Json.parse(Json.write(text))).isEqualTo(text);
    assertThat(Json.parse("\"\\ud83d\\ude00\\u00e9\"")).isEqualTo("😀é");
    assertThat(Json.parse("\"\\ud83d!\"")).isEqualTo("\uFFFD!");
  }

  @Test
  void duplicateKeysAreReportedByPathAndTheLastOneCounts() {
    List<String> duplicates = new ArrayList<>();
    Object tree =
        Json.parse(
            utf8("{\"spec\":{\"a\":1,\"a\":2,\"l\":[{},{\"b\":1,\"b\":2}]},\"spec\":{\"a\":3}}"),
            duplicates::add);
    assertThat(duplicates).containsExactly("spec.a", "spec.l[1].b", "spec");
    assertThat(tree).isEqualTo(Map.of("spec", Map.of("a", 3L)));
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).hasMessage("exceeded max depth");
  }

  @Test
  void whatIsNoObjectIsRefusedWhereAnObjectIsNeeded() {
    assertThatThrownBy(() -> Json.parseObject(utf8("[1]")))
        .hasMessage("json: cannot unmarshal array into Go value of type map[string]interface {}");
  }

  @Test
  void randomTreesSurviveTheRoundTrip() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      Object tree = RandomTrees.value(random, 5);
      assertThat(Json.parse(Json.write(tree))).as("seed " + seed).isEqualTo(tree);
    }
  }

  @Test
  void orderOfKeysIsKept() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", 1L);
    map.put("a", null);
    assertThat(Json.toString(map)).isEqualTo("{\"z\":1,\"a\":null}");
  }
}
