package io.kubra.api.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.api.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenApiV2ProtoTest {
  private static Map<String, Object> tree(String json) {
    return Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(String json) {
    return HexFormat.of().formatHex(OpenApiV2Proto.encode(tree(json)));
  }

  @Test
  void aDefinitionIsANamedSchema() {
    // definitions = 9: a pair of name = 1 and value = 2, the schema, with type = 22.
    assertThat(hex("{'swagger':'2.0','definitions':{'A':{'type':'object'}}}"))
        .isEqualTo(
            "0a03322e30"
                + "4a12"
                + "0a10"
                + "0a0141"
                + "120b"
                + "b20108"
                + "0a06"
                + hexOf("object"));
  }

  private static String hexOf(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void extensionsCarryTheirValueAsText() {
    // Document.x- = 16: name = 1, value = 2 with yaml = 2.
    assertThat(hex("{'x-a':[1]}"))
        .isEqualTo("82010d" + "0a03" + hexOf("x-a") + "1206" + "1204" + hexOf("[1]\n"));
  }

  @Test
  void parametersGoToTheMessageOfTheirPlace() {
    String query = hex("{'paths':{'/a':{'get':{'parameters':[{'in':'query','name':'dryRun'}]}}}}");
    assertThat(query).contains(hexOf("/a"), hexOf("dryRun"), hexOf("query"));
    assertThatThrownBy(
            () -> hex("{'paths':{'/a':{'get':{'parameters':[{'in':'moon','name':'x'}]}}}}"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
