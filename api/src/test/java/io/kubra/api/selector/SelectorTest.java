package io.kubra.api.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {
  private static final Map<String, String> LABELS =
      Map.of("app", "web", "tier", "front", "n", "5", "empty", "");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app=web|true",
        "app==web|true",
        "app!=web|false",
        "app!=db|true",
        "absent!=x|true",
        "app in (db,web)|true",
        "app notin (db,web)|false",
        "absent notin (a)|true",
        "app|true",
        "!app|false",
        "!absent|true",
        "n>4|true",
        "n<5|false",
        "absent>1|false",
        "empty=|true",
        "app=web,tier=front|true",
        "app=web,tier=back|false",
        " app = web , tier in ( front ) |true",
        "empty in (,a)|true",
        "app>1|false"
      })
  void queriesSelectByLabels(String query, boolean selected) {
    assertThat(LabelSelector.parse(query).matches(LABELS)).isEqualTo(selected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app=web,|found '', expected: identifier after ','",
        "=web|found '=', expected: !, identifier, or 'end of string'",
        "app web|unable to parse requirement: found 'web', expected: in, notin, =, ==, !=, gt, lt",
        "app in web|unable to parse requirement: found 'web' expected: '('",
        "app in (a|unable to parse requirement: found '', expected: ',' or ')'",
        "a b=c|unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
        "n>x|unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators,"
            + " the value must be an integer",
      })
  void malformedQueriesAreRefusedInTheReferencesWords(String query, String message) {
    assertThatThrownBy(() -> LabelSelector.parse(query))
        .isInstanceOf(ApiException.class)
        .hasMessage(message);
  }

  @Test
  void theObjectFormSelectsAlike() {
    Map<String, Object> selector =
        Json.parseObject(
            """
            {"matchLabels":{"app":"web"},"matchExpressions":[
              {"key":"tier","operator":"In","values":["front","back"]},
              {"key":"gone","operator":"DoesNotExist"}]}
            """
                .getBytes(StandardCharsets.UTF_8));
    LabelSelector parsed = LabelSelector.fromTree(selector);
    assertThat(parsed.matches(LABELS)).isTrue();
    assertThat(parsed).hasToString("app=web,!gone,tier in (back,front)");
    assertThat(LabelSelector.fromTree(Map.of()).everything()).isTrue();
    assertThat(LabelSelector.fromTree(null).matches(LABELS)).isFalse();
    assertThat(LabelSelector.EVERYTHING.matches((Map<String, ?>) null)).isTrue();
  }

  @Test
  void fieldSelectorsCompareAndUnescape() {
    FieldSelector selector =
        FieldSelector.parse("spec.nodeName=n1,status.phase!=Running,a=x\\,y\\=z");
    assertThat(selector.requirements()).hasSize(3);
    Map<String, String> fields = Map.of("spec.nodeName", "n1", "a", "x,y=z");
    assertThat(selector.matches(fields::get)).isTrue();
    assertThat(selector.exact("spec.nodeName")).isEqualTo("n1");
    assertThat(selector).hasToString("spec.nodeName=n1,status.phase!=Running,a=x\\,y\\=z");
    assertThat(FieldSelector.parse("").everything()).isTrue();
    assertThatThrownBy(() -> FieldSelector.parse("x"))
        .hasMessage("invalid selector: 'x'; can't understand 'x'");
  }
}
