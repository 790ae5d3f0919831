package io.kubra.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import org.jspecify.annotations.Nullable;

class JsonFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void textIsRefusedOrSurvivesBeingWrittenAndReadAgain(byte[] text) {
    Object tree = parsed(text);

    byte[] written = Json.write(tree);

    assertThat(Json.write(Json.parse(written))).isEqualTo(written);
  }

  static @Nullable Object parsed(byte[] text) {
    try {
      return Json.parse(text);
    } catch (JsonSyntaxException refused) {
      return null;
    }
  }
}
