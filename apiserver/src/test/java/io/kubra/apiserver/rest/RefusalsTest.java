package io.kubra.apiserver.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the server says to requests that it cannot serve, whatever their kind. */
class RefusalsTest {
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static TestingApiServer api;

  @BeforeAll
  static void start() {
    api = TestingApiServer.start();
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void aLabelKeyWithASpaceIsInvalid() {
    Response refused =
        api.send(
            "POST",
            CONFIG_MAPS,
            tree("{'metadata': {'name': 'labelled', 'labels': {'a b': 'c'}}}"));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(message(refused))
        .startsWith("ConfigMap \"labelled\" is invalid: metadata.labels: Invalid value: \"a b\":");
  }

  @Test
  void anUpdateMayNotBringABadAnnotation() {
    api.send("POST", CONFIG_MAPS, tree("{'metadata': {'name': 'noted'}}"));
    Response refused =
        api.send(
            "PUT",
            CONFIG_MAPS + "/noted",
            tree("{'metadata': {'name': 'noted', 'annotations': {'-': 'c'}}}"));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(message(refused)).contains("metadata.annotations: Invalid value: \"-\"");
  }

  @Test
  void anUnknownResourceOfAKnownVersionIsNotFoundWithAStatus() {
    Response refused = api.send("GET", "/api/v1/namespaces/default/foos", null);
    assertThat(refused.status()).isEqualTo(404);
    assertThat(message(refused)).isEqualTo("the server could not find the requested resource");
  }

  @Test
  void anUnknownGroupIsNoPage() {
    Response refused = api.send("GET", "/apis/example.org/v1/namespaces/default/foos", null);
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.text()).isEqualTo("404 page not found\n");
  }

  @Test
  void aMethodThatAPathDoesNotHaveIsNotAllowed() {
    Response refused = api.send("PUT", CONFIG_MAPS, tree("{'metadata': {'name': 'x'}}"));
    assertThat(refused.status()).isEqualTo(405);
    assertThat(message(refused))
        .isEqualTo("the server does not allow this method on the requested resource");
  }

  private static Map<String, Object> tree(String json) {
    return ConfigMaps.tree(json.replace('\'', '"'));
  }

  private static String message(Response response) {
    return Trees.stringOr(response.tree(), "", "message");
  }
}
