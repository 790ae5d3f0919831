package io.kubra.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.json.Yaml;
import java.util.List;

class YamlFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void textIsRefusedOrSurvivesBeingWrittenAndReadAgain(byte[] text) {
    List<Object> documents;
    try {
      documents = Yaml.parseAll(text);
    } catch (JsonSyntaxException refused) {
      return;
    }
    for (Object document : documents) {
      assertThat(Json.write(Yaml.parse(Yaml.write(document)))).isEqualTo(Json.write(document));
    }
  }
}
