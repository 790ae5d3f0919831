package io.kubra.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kubra.api.jsonpath.JsonPath;
import io.kubra.api.quantity.Quantity;
import io.kubra.api.selector.FieldSelector;
import io.kubra.api.selector.LabelSelector;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.request.QueryParameters;
import io.kubra.apiserver.request.RequestInfo;
import io.kubra.apiserver.request.RequestInfoParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class TextFuzzTest {
  private static final Map<String, Object> OBJECT =
      Map.of("metadata", Map.of("name", "a"), "spec", Map.of("list", List.of(1L, Map.of("b", 2L))));

  @FuzzTest(maxDuration = "60s")
  void everyPathAndQueryIsARequest(byte[] bytes) {
    String text = text(bytes);
    int mark = text.indexOf('?');
    String path = "/" + (mark < 0 ? text : text.substring(0, mark));
    QueryParameters query = QueryParameters.parse(mark < 0 ? null : text.substring(mark + 1));

    RequestInfo info = RequestInfoParser.parse("GET", path, query);

    assertThat(info.verb()).isNotEmpty();
    assertThat(info.resourceRequest()).isEqualTo(!info.resource().isEmpty());
  }

  @FuzzTest(maxDuration = "60s")
  void aLabelSelectorIsRefusedOrReadsBackAsItself(byte[] bytes) {
    try {
      LabelSelector selector = LabelSelector.parse(text(bytes));

      assertThat(LabelSelector.parse(selector.toString()).toString())
          .isEqualTo(selector.toString());
      selector.matches(Map.of("app", "web"));
    } catch (ApiException refused) {
      assertThat(refused.code()).isEqualTo(400);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void aFieldSelectorIsRefusedOrReadsBackAsItself(byte[] bytes) {
    try {
      FieldSelector selector = FieldSelector.parse(text(bytes));

      assertThat(FieldSelector.parse(selector.toString()).requirements())
          .isEqualTo(selector.requirements());
    } catch (ApiException refused) {
      assertThat(refused.code()).isEqualTo(400);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void aQuantityIsRefusedOrKeepsItsValue(byte[] bytes) {
    Quantity quantity = Quantity.tryParse(text(bytes));
    if (quantity != null) {
      assertThat(Quantity.parse(quantity.toString())).isEqualByComparingTo(quantity);
      quantity.value();
      quantity.milli();
    }
  }

  @FuzzTest(maxDuration = "60s")
  void aJsonPathIsRefusedOrFindsSomethingOrNothing(byte[] bytes) {
    JsonPath path;
    try {
      path = JsonPath.parse(text(bytes));
    } catch (IllegalArgumentException refused) {
      return;
    }
    path.find(OBJECT);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
