package io.kubra.api.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.api.json.Json;
import io.kubra.api.json.RandomTrees;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPatchTest {
  private static Object apply(String document, String patch) {
    return JsonPatch.apply(Json.parse(document), (List<?>) Json.parse(patch));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1}|[{\"op\":\"add\",\"path\":\"/b\",\"value\":2}]|{\"a\":1,\"b\":2}",
        "{\"a\":[1,3]}|[{\"op\":\"add\",\"path\":\"/a/1\",\"value\":2}]|{\"a\":[1,2,3]}",
        "{\"a\":[1]}|[{\"op\":\"add\",\"path\":\"/a/-\",\"value\":2}]|{\"a\":[1,2]}",
        "{\"a\":[1,2]}|[{\"op\":\"remove\",\"path\":\"/a/0\"}]|{\"a\":[2]}",
        "{\"a\":[1,2]}|[{\"op\":\"replace\",\"path\":\"/a/-1\",\"value\":5}]|{\"a\":[1,5]}",
        "{\"a\":1}|[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"b\":1}}]|{\"b\":1}",
        "{\"a\":{\"x\":1}}|[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"},{\"op\":\"remove\",\"path\":\"/a/x\"}]|{\"a\":{},\"b\":{\"x\":1}}",
        "{\"a\":{\"x\":1}}|[{\"op\":\"move\",\"from\":\"/a/x\",\"path\":\"/y\"}]|{\"a\":{},\"y\":1}",
        "{\"a/b\":1,\"c~d\":2}|[{\"op\":\"remove\",\"path\":\"/a~1b\"},{\"op\":\"test\",\"path\":\"/c~0d\",\"value\":2}]|{\"c~d\":2}",
        "{}|[{\"op\":\"test\",\"path\":\"/x\",\"value\":null}]|{}",
        "{\"a\":1}|[{\"op\":\"add\",\"path\":\"/a\",\"value\":null}]|{\"a\":null}",
      })
  void operationsApplyInOrder(String document, String patch, String result) {
    assertThat(Json.toString(apply(document, patch))).isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{\"op\":\"test\",\"path\":\"/a\",\"value\":2}]",
        "[{\"op\":\"remove\",\"path\":\"/x\"}]",
        "[{\"op\":\"replace\",\"path\":\"/x\",\"value\":1}]",
        "[{\"op\":\"add\",\"path\":\"/x/y\",\"value\":1}]",
        "[{\"op\":\"add\",\"path\":\"/l/5\",\"value\":1}]",
        "[{\"op\":\"add\",\"path\":\"/b\"}]",
        "[{\"op\":\"dance\",\"path\":\"/a\"}]",
        "[{\"op\":\"move\",\"from\":\"/o\",\"path\":\"/o/p\"}]",
      })
  void anOperationThatFailsIsUnprocessable(String patch) {
    assertThatThrownBy(() -> apply("{\"a\":1,\"l\":[],\"o\":{}}", patch))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422))
        .hasMessage("the server rejected our request due to an error in our request");
  }

  @Test
  void whatIsNoOperationIsABadRequest() {
    assertThatThrownBy(() -> apply("{}", "[1]"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }

  @Test
  void patchesAreBounded() {
    Map<String, Object> op = Map.of("op", "test", "path", "/a", "value", 1L);
    assertThatThrownBy(() -> JsonPatch.apply(Map.of("a", 1L), Collections.nCopies(10_001, op)))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(413));
    List<Object> doubling = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      doubling.add(Map.of("op", "copy", "from", "", "path", "/" + i));
    }
    assertThatThrownBy(() -> JsonPatch.apply(Map.of("a", "b".repeat(100)), doubling))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422));
    List<Object> nesting = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      nesting.add(Map.of("op", "add", "path", "/n", "value", Map.of()));
      nesting.add(Map.of("op", "move", "from", "/a", "path", "/n/a"));
      nesting.add(Map.of("op", "move", "from", "/n", "path", "/a"));
    }
    assertThatThrownBy(() -> JsonPatch.apply(Map.of("a", Map.of()), nesting))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422));
  }

  @Test
  void theDocumentItselfIsNotChanged() {
    Object document = Json.parse("{\"a\":{\"b\":[1]}}");
    JsonPatch.apply(
        document, (List<?>) Json.parse("[{\"op\":\"add\",\"path\":\"/a/b/-\",\"value\":2}]"));
    assertThat(Json.toString(document)).isEqualTo("{\"a\":{\"b\":[1]}}");
  }

  @Test
  void mergePatchesFollowTheRfc() {
    assertThat(
            Json.toString(
                MergePatch.apply(
                    Json.parse("{\"a\":\"b\",\"c\":{\"d\":\"e\",\"f\":\"g\"},\"l\":[1]}"),
                    Json.parse(
                        "{\"a\":\"z\",\"c\":{\"f\":null},\"l\":[2],\"n\":{\"x\":null,\"y\":1}}"))))
        .isEqualTo("{\"a\":\"z\",\"c\":{\"d\":\"e\"},\"l\":[2],\"n\":{\"y\":1}}");
    assertThat(MergePatch.apply((Object) "x", Json.parse("{\"a\":null}"))).isEqualTo(Map.of());
    assertThat(MergePatch.apply((Object) Map.of(), (Object) List.of(1L))).isEqualTo(List.of(1L));
  }

  @Test
  void aDiffTurnsOneDocumentIntoTheOther() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 1000; i++) {
      Map<String, Object> from = RandomTrees.map(random, 4);
      Map<String, Object> to = RandomTrees.map(random, 4);
      Map<String, Object> patch = MergePatch.diff(from, to);
      assertThat(Trees.equal(MergePatch.apply(from, patch), to)).as("seed " + seed).isTrue();
      assertThat(MergePatch.diff(to, to)).isEmpty();
    }
  }
}
