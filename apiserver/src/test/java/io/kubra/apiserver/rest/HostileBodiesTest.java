package io.kubra.apiserver.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies made to cost the server dear: each is refused, and none takes long. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostileBodiesTest {
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static TestingApiServer api;

  @BeforeAll
  static void start() {
    api = TestingApiServer.start();
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  private static Response post(String path, String type, String body) {
    return api.send("POST", path, type, body.getBytes(UTF_8));
  }

  private static String message(Response response) {
    return Trees.stringOr(response.tree(), "", "message");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, [",
    "application/json, {\"a\":",
    "application/yaml, [",
    "application/yaml, {a: ",
    "application/yaml, '- '"
  })
  void deepNesting(String type, String opening) {
    Response refused = post(ConfigMaps.PATH, type, opening.repeat(2_900_000 / opening.length()));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(message(refused)).contains("exceeded max depth");
  }

  @Test
  void aliasesThatMultiply() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      String before = "*a" + (i - 1) + ", ";
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, before.repeat(10)));
    }
    Response refused = post(ConfigMaps.PATH, YAML, bomb.toString());

    assertThat(refused.status()).isEqualTo(400);
    assertThat(message(refused)).contains("excessive aliasing");
  }

  @Test
  void anAliasOfItself() {
    assertThat(post(ConfigMaps.PATH, YAML, "a: &a [*a]\n").status()).isEqualTo(400);
    assertThat(post(ConfigMaps.PATH, YAML, "&a ? *a : *a\n").status()).isEqualTo(400);
  }

  @Test
  void hugeNumbers() {
    String digits = "9".repeat(2_000_000);
    for (String number : new String[] {digits, "-" + digits, "1e" + digits, "0." + digits}) {
      Response refused =
          post(
              PODS,
              JSON,
              "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"terminationGracePeriodSeconds\":"
                  + number
                  + "}}");
      assertThat(refused.status()).as(number.substring(0, 5)).isEqualTo(400);
    }
  }

  @Test
  void aQuantityWithMillionsOfDigits() {
    for (String cpu : new String[] {"9".repeat(2_000_000), "0." + "9".repeat(2_000_000)}) {
      Response refused =
          post(
              PODS,
              JSON,
              """
              {"metadata":{"name":"x"},"spec":{"containers":[{"name":"c","image":"i",
               "resources":{"requests":{"cpu":"%s"},"limits":{"cpu":"1m"}}}]}}
              """
                  .formatted(cpu));
      assertThat(refused.status()).isEqualTo(422);
    }
  }

  @Test
  void fieldsThatNobodyKnowsAreCountedToAHundred() {
    StringBuilder body = new StringBuilder("{\"metadata\":{\"name\":\"unknown\"}");
    for (int i = 0; i < 200_000; i++) {
      body.append(",\"f").append(i).append("\":1");
    }
    Response refused = post(ConfigMaps.PATH + "?fieldValidation=Strict", JSON, body + "}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(message(refused)).hasSizeLessThan(5000).contains("unknown field \"f0\"");

    Response warned = post(ConfigMaps.PATH, JSON, body + "}");
    assertThat(warned.status()).isEqualTo(201);
    assertThat(String.join("", warned.headers().all("Warning"))).hasSizeLessThan(8000);
  }

  @ParameterizedTest
  @ValueSource(strings = {JSON, YAML})
  void fieldsThatComeAgainAndAgain(String type) {
    String body = "{\"metadata\": {\"name\": \"again\"}" + ", \"data\": {}".repeat(200_000) + "}";
    Response refused = post(ConfigMaps.PATH + "?fieldValidation=Strict", type, body);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(message(refused)).hasSizeLessThan(20_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.", "a-", "a1.b/", "-", "ä", "/", "%", "A_"})
  void namesWithoutEnd(String piece) {
    String name = piece.repeat(200_000 / piece.length()) + "a";
    String template =
        """
        {"metadata":{"name":"%1$s","generateName":"%1$s","labels":{"%1$s":"%1$s"}}}
        """;
    Response refused = post(ConfigMaps.PATH, JSON, template.formatted(name));

    assertThat(refused.status()).isEqualTo(422);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.", "a/", "a-", "$(", "%", "0.", ":", "1:"})
  void textsWithoutEndInAPod(String piece) {
    String text = piece.repeat(300_000 / piece.length());
    String template =
        """
        {"metadata":{"name":"endless"},"spec":{"nodeName":"%1$s","hostname":"%1$s",
         "nodeSelector":{"%1$s":"%1$s"},"containers":[{"name":"%1$s","image":"%1$s",
         "env":[{"name":"%1$s","value":"%1$s"}],
         "ports":[{"containerPort":1,"name":"%1$s","hostIP":"%1$s"}]}]}}
        """;
    Response refused = post(PODS, JSON, template.formatted(text));

    assertThat(refused.status()).isEqualTo(422);
  }

  @Test
  void aPatchThatCopiesItselfUntilItIsTooLarge() {
    ConfigMaps.create(api, "patched", "v");
    String copies =
        "[{\"op\":\"copy\",\"from\":\"/data\",\"path\":\"/data/a\"}"
            + ",{\"op\":\"copy\",\"from\":\"/data\",\"path\":\"/data/a\"}".repeat(60)
            + "]";
    Response refused =
        api.send(
            "PATCH",
            ConfigMaps.PATH + "/patched",
            "application/json-patch+json",
            copies.getBytes(UTF_8));
    assertThat(refused.status()).isBetween(400, 422);

    String many = "[" + "{\"op\":\"test\",\"path\":\"/kind\",\"value\":1},".repeat(20_000) + "{}]";
    Response tooMany =
        api.send(
            "PATCH",
            ConfigMaps.PATH + "/patched",
            "application/json-patch+json",
            many.getBytes(UTF_8));
    assertThat(tooMany.status()).isEqualTo(413);
  }

  @Test
  void bytesThatAreNoProtobuf() {
    byte[] nested = new byte[1_000_000];
    java.util.Arrays.fill(nested, (byte) 0x0b);
    System.arraycopy(new byte[] {'k', '8', 's', 0}, 0, nested, 0, 4);
    Response refused =
        api.send("POST", ConfigMaps.PATH, "application/vnd.kubernetes.protobuf", nested);

    assertThat(refused.status()).isEqualTo(400);
  }
}
