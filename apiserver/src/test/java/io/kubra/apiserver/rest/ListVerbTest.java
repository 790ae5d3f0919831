package io.kubra.apiserver.rest;

import static io.kubra.apiserver.rest.ConfigMaps.PATH;
import static io.kubra.apiserver.rest.ConfigMaps.create;
import static io.kubra.apiserver.rest.ConfigMaps.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import io.kubra.transport.http.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListVerbTest {
  private TestingApiServer api;

  @BeforeEach
  void start() {
    api = TestingApiServer.start();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private Map<String, Object> list(String query) {
    Response r = api.send("GET", PATH + query, null);
    assertThat(r.status()).as(r.text()).isEqualTo(200);
    return r.tree();
  }

  private static List<String> names(Map<String, Object> list) {
    return Trees.maps(list, "items").stream()
        .map(i -> Trees.stringOr(i, "", "metadata", "name"))
        .toList();
  }

  @Test
  void aListShowsEveryAcknowledgedWrite() {
    for (int i = 0; i < 100; i++) {
      create(api, "c" + i, "a");
      assertThat(names(list(""))).hasSize(i + 1);
    }
    Map<String, Object> list = list("");
    assertThat(list).containsEntry("kind", "ConfigMapList").containsEntry("apiVersion", "v1");
  }

  @Test
  void pagesShowOneRevision() {
    for (int i = 0; i < 5; i++) {
      create(api, "c" + i, "a");
    }
    Map<String, Object> first = list("?limit=2");
    assertThat(names(first)).containsExactly("c0", "c1");
    assertThat(Trees.integer(first, "metadata", "remainingItemCount")).isEqualTo(3);
    create(api, "c9", "a");
    api.send("DELETE", PATH + "/c2", null);
    Map<String, Object> second =
        list("?limit=2&continue=" + Trees.string(first, "metadata", "continue"));
    assertThat(names(second)).containsExactly("c2", "c3");
    assertThat(version(second)).isEqualTo(version(first));
    Map<String, Object> third =
        list("?limit=2&continue=" + Trees.string(second, "metadata", "continue"));
    assertThat(names(third)).containsExactly("c4");
    assertThat(Trees.string(third, "metadata", "continue")).isNull();
  }

  @Test
  void selectorsChoose() {
    create(api, "a", "red");
    create(api, "b", "green");
    create(api, "c", "red");
    assertThat(names(list("?labelSelector=app%3Dred"))).containsExactly("a", "c");
    assertThat(names(list("?labelSelector=app%20in%20(green,blue)"))).containsExactly("b");
    assertThat(names(list("?fieldSelector=metadata.name%3Db"))).containsExactly("b");
    assertThat(names(list("?fieldSelector=metadata.name!%3Db"))).containsExactly("a", "c");
    assertThat(
            Trees.get(list("?labelSelector=app%3Dred&limit=1"), "metadata", "remainingItemCount"))
        .isNull();
    Response unknown = api.send("GET", PATH + "?fieldSelector=spec.x%3D1", null);
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.tree().get("message"))
        .isEqualTo(
            "\"spec.x\" is not a known field selector: only \"metadata.name\","
                + " \"metadata.namespace\"");
  }

  @Test
  void resourceVersionsChooseTheState() {
    String one = version(create(api, "a", "x"));
    create(api, "b", "x");
    assertThat(names(list("?resourceVersion=" + one + "&resourceVersionMatch=Exact")))
        .containsExactly("a");
    assertThat(names(list("?resourceVersion=" + one + "&resourceVersionMatch=NotOlderThan")))
        .containsExactly("a", "b");
    assertThat(names(list("?resourceVersion=0"))).contains("a");
    Response bad = api.send("GET", PATH + "?resourceVersionMatch=Exact", null);
    assertThat(bad.status()).isEqualTo(422);
    Response future = api.send("GET", PATH + "?resourceVersion=100000", null);
    assertThat(future.status()).isEqualTo(504);
    assertThat(future.text()).contains("Too large resource version: 100000");
    assertThat(api.send("GET", PATH + "?resourceVersion=x", null).status()).isEqualTo(422);
  }

  @ParameterizedTest
  @CsvSource({
    "limit=abc, 'strconv.ParseInt: parsing \"abc\": invalid syntax'",
    "timeoutSeconds=1.5, 'strconv.ParseInt: parsing \"1.5\": invalid syntax'",
    "limit=9223372036854775808, "
        + "'strconv.ParseInt: parsing \"9223372036854775808\": value out of range'"
  })
  void whatIsNoNumberIsRefused(String query, String message) {
    Response answer = api.send("GET", PATH + "?" + query, null);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.tree()).containsEntry("message", message);
  }

  @Test
  void tablesAndMetadataAreServedOnDemand() {
    create(api, "a", "x");
    Response table =
        api.send(
            "GET",
            PATH,
            HttpHeaders.of(
                "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"),
            new byte[0]);
    assertThat(table.tree()).containsEntry("kind", "Table");
    assertThat(Trees.maps(table.tree(), "rows")).hasSize(1);
    Response partial =
        api.send(
            "GET",
            PATH,
            HttpHeaders.of(
                "Accept", "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"),
            new byte[0]);
    assertThat(partial.tree()).containsEntry("kind", "PartialObjectMetadataList");
    assertThat(Trees.maps(partial.tree(), "items").getFirst()).doesNotContainKey("data");
    Response none = api.send("GET", PATH, HttpHeaders.of("Accept", "image/png"), new byte[0]);
    assertThat(none.status()).isEqualTo(406);
    Response yaml =
        api.send("GET", PATH + "/a", HttpHeaders.of("Accept", "application/yaml"), new byte[0]);
    assertThat(yaml.text()).contains("kind: ConfigMap");
    Response protobuf =
        api.send(
            "GET",
            PATH,
            HttpHeaders.of("Accept", "application/vnd.kubernetes.protobuf"),
            new byte[0]);
    assertThat(protobuf.body()).startsWith('k', '8', 's', 0);
  }

  @Test
  void bigListsAreCompressedForThoseWhoWant() throws IOException {
    for (int i = 0; i < 40; i++) {
      create(api, "c" + i, "x".repeat(60)).size();
      api.send(
          "PATCH",
          PATH + "/c" + i,
          "application/merge-patch+json",
          ("{\"data\":{\"big\":\"" + "y".repeat(5000) + "\"}}")
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    Response r = api.send("GET", PATH, HttpHeaders.of("Accept-Encoding", "gzip"), new byte[0]);
    assertThat(r.headers().get("Content-Encoding")).isEqualTo("gzip");
    byte[] plain = new GZIPInputStream(new ByteArrayInputStream(r.body())).readAllBytes();
    assertThat(names(io.kubra.api.json.Json.parseObject(plain))).hasSize(40);
  }
}
