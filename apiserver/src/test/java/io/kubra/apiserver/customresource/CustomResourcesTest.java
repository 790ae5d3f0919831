package io.kubra.apiserver.customresource;

import static io.kubra.apiserver.customresource.CronTabs.DEFINITION;
import static io.kubra.apiserver.customresource.CronTabs.DEFINITIONS;
import static io.kubra.apiserver.customresource.CronTabs.PATH;
import static io.kubra.apiserver.customresource.CronTabs.cronTab;
import static io.kubra.apiserver.customresource.CronTabs.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import io.kubra.transport.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CustomResourcesTest {
  private static final String CRON = "\"* * * * *\"";
  private TestingApiServer api;

  @BeforeEach
  void start() {
    api = CronTabs.start();
    CronTabs.define(api, DEFINITION);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void definedObjectsAreCreatedReadListedAndDeleted() {
    Response made = api.send("POST", PATH, cronTab("a", "{cronSpec: " + CRON + "}"));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(Trees.get(made.tree(), "spec", "replicas")).isEqualTo(1L);
    assertThat(Trees.get(made.tree(), "metadata", "generation")).isEqualTo(1L);
    Response list = api.send("GET", PATH, null);
    assertThat(list.tree()).containsEntry("kind", "CronTabList");
    assertThat(Trees.list(list.tree(), "items")).hasSize(1);
    assertThat(api.send("DELETE", PATH + "/a", null).status()).isEqualTo(200);
    assertThat(api.send("GET", PATH + "/a", null).status()).isEqualTo(404);
  }

  @Test
  void unknownFieldsArePrunedAndRefusedWhenStrict() {
    Map<String, Object> object =
        cronTab("a", "{cronSpec: " + CRON + ", nope: 1, free: {any: [1, {x: 2}]}}");
    Response made = api.send("POST", PATH, object);
    assertThat(Trees.get(made.tree(), "spec", "nope")).isNull();
    assertThat(Trees.get(made.tree(), "spec", "free", "any")).isNotNull();
    Response strict = api.send("POST", PATH + "?fieldValidation=Strict", object);
    assertThat(strict.status()).isEqualTo(400);
    assertThat(strict.text()).contains("unknown field \\\"spec.nope\\\"");
  }

  @Test
  void invalidValuesAreRefusedInUpstreamsWords() {
    Response refused =
        api.send(
            "POST",
            PATH,
            cronTab("a", "{cronSpec: x, replicas: 11, color: blue, port: true, ports: [{}]}"));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(Trees.string(refused.tree(), "message"))
        .startsWith("CronTab.stable.example.com \"a\" is invalid: [")
        .contains(
            "spec.cronSpec: Invalid value: \"x\": spec.cronSpec in body should match"
                + " '^(\\S+ ){4}\\S+$'",
            "spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal"
                + " to 10",
            "spec.color: Unsupported value: \"blue\": supported values: \"red\", \"green\"",
            "spec.port in body must be of type integer,string: \"boolean\"",
            "spec.ports[0].name: Required value");
    Response missing = api.send("POST", PATH, cronTab("a", "{}"));
    assertThat(missing.text()).contains("spec.cronSpec: Required value");
    Response twice =
        api.send(
            "POST", PATH, cronTab("a", "{cronSpec: " + CRON + ", ports: [{name: x}, {name: x}]}"));
    assertThat(twice.text()).contains("spec.ports[1]: Duplicate value: {\\\"name\\\":\\\"x\\\"}");
  }

  @Test
  void statusIsASubresourceAndTheGenerationCountsTheRest() {
    api.send("POST", PATH, cronTab("a", "{cronSpec: " + CRON + "}"));
    Map<String, Object> next = api.send("GET", PATH + "/a", null).tree();
    Trees.set(next, 3L, "status", "replicas");
    Trees.set(next, 2L, "spec", "replicas");
    Map<String, Object> written = api.send("PUT", PATH + "/a/status", next).tree();
    assertThat(Trees.get(written, "status", "replicas")).isEqualTo(3L);
    assertThat(Trees.get(written, "spec", "replicas")).isEqualTo(1L);
    assertThat(Trees.get(written, "metadata", "generation")).isEqualTo(1L);
    Response patched = patch("application/merge-patch+json", "{\"spec\":{\"replicas\":4}}", "");
    assertThat(Trees.get(patched.tree(), "metadata", "generation")).isEqualTo(2L);
    Map<String, Object> scale = api.send("GET", PATH + "/a/scale", null).tree();
    assertThat(scale).containsEntry("kind", "Scale");
    assertThat(Trees.get(scale, "spec", "replicas")).isEqualTo(4L);
  }

  @Test
  void applyMergesListsByTheirKeysAndStrategicMergeIsRefused() {
    apply("one", "{name: web, number: 1}");
    Response second = apply("two", "{name: tls, number: 2}");
    assertThat(second.status()).as(second.text()).isEqualTo(200);
    assertThat(Trees.list(second.tree(), "spec", "ports")).hasSize(2);
    Response refused =
        patch("application/strategic-merge-patch+json", "{\"spec\":{\"replicas\":2}}", "");
    assertThat(refused.status()).isEqualTo(415);
  }

  private Response apply(String manager, String port) {
    String body = Json.toString(cronTab("a", "{cronSpec: " + CRON + ", ports: [" + port + "]}"));
    return patch("application/apply-patch+yaml", body, "?fieldManager=" + manager);
  }

  private Response patch(String type, String body, String query) {
    return api.send("PATCH", PATH + "/a" + query, type, body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void tablesShowTheDefinedColumns() {
    api.send("POST", PATH, cronTab("a", "{cronSpec: " + CRON + "}"));
    Map<String, Object> table =
        api.send(
                "GET",
                PATH,
                HttpHeaders.of("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io"),
                new byte[0])
            .tree();
    assertThat(Trees.maps(table, "columnDefinitions").stream().map(c -> c.get("name")))
        .containsExactly("Name", "Spec", "Replicas");
    assertThat(Trees.list(Trees.maps(table, "rows").getFirst(), "cells"))
        .isEqualTo(List.of("a", "* * * * *", 1L));
  }

  @Test
  void objectsAreSelectedByDeclaredFieldsOnly() {
    api.send("POST", PATH, cronTab("a", "{cronSpec: " + CRON + ", color: red}"));
    api.send("POST", PATH, cronTab("b", "{cronSpec: " + CRON + ", color: green}"));
    Response red = api.send("GET", PATH + "?fieldSelector=spec.color%3Dred", null);
    assertThat(Trees.list(red.tree(), "items")).hasSize(1);
    Response refused = api.send("GET", PATH + "?fieldSelector=spec.replicas%3D1", null);
    assertThat(refused.status()).isEqualTo(400);
  }

  @Test
  void discoveryAndOpenApiShowTheResourceAndForgetItWithItsObjects() {
    api.send("POST", PATH, cronTab("a", "{cronSpec: " + CRON + "}"));
    assertThat(api.send("GET", "/apis", null).text()).contains("stable.example.com/v1");
    String resources = api.send("GET", "/apis/stable.example.com/v1", null).text();
    assertThat(resources).contains("\"crontabs\"", "\"crontabs/status\"", "\"ct\"");
    String v3 = api.send("GET", "/openapi/v3/apis/stable.example.com/v1", null).text();
    assertThat(v3).contains("com.example.stable.v1.CronTab\"", "cronSpec");
    assertThat(api.send("GET", "/openapi/v2", null).text())
        .contains("com.example.stable.v1.CronTab\"");
    String name = DEFINITIONS + "/crontabs.stable.example.com";
    assertThat(api.send("DELETE", name, null).status()).isEqualTo(200);
    Awaitility.await()
        .atMost(10, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(api.send("GET", name, null).text()).contains("NotFound"));
    Awaitility.await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> api.send("GET", PATH, null).status() == 404);
    assertThat(api.send("GET", "/apis", null).text()).doesNotContain("stable.example.com");
    assertThat(api.send("GET", "/openapi/v3", null).text()).doesNotContain("stable.example.com");
    CronTabs.define(api, DEFINITION);
    assertThat(Trees.list(api.send("GET", PATH, null).tree(), "items")).isEmpty();
  }

  @Test
  void anotherVersionServesTheSameObjects() {
    api.send("POST", PATH, cronTab("a", "{cronSpec: " + CRON + "}"));
    String name = DEFINITIONS + "/crontabs.stable.example.com";
    Map<String, Object> definition = api.send("GET", name, null).tree();
    Map<String, Object> beta =
        Trees.deepCopy(Trees.maps(definition, "spec", "versions").getFirst());
    beta.put("name", "v1beta1");
    beta.put("storage", false);
    Trees.ensureList(definition, "spec", "versions").add(beta);
    Response updated = api.send("PUT", name, definition);
    assertThat(updated.status()).as(updated.text()).isEqualTo(200);
    String path = PATH.replace("/v1/", "/v1beta1/");
    Awaitility.await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> api.send("GET", path + "/a", null).status() == 200);
    assertThat(api.send("GET", path + "/a", null).tree())
        .containsEntry("apiVersion", "stable.example.com/v1beta1");
    Map<String, Object> object = cronTab("b", "{cronSpec: " + CRON + "}");
    object.put("apiVersion", "stable.example.com/v1beta1");
    assertThat(api.send("POST", path, object).status()).isEqualTo(201);
    assertThat(api.send("GET", PATH + "/b", null).tree())
        .containsEntry("apiVersion", "stable.example.com/v1");
  }

  @Test
  void aDefinitionWhoseStorageVersionIsNotServedIsDeletedWithItsObjects() {
    api.send("POST", PATH, cronTab("a", "{cronSpec: " + CRON + "}"));
    String name = DEFINITIONS + "/crontabs.stable.example.com";
    Map<String, Object> definition = api.send("GET", name, null).tree();
    Trees.maps(definition, "spec", "versions").getFirst().put("served", false);
    Response updated = api.send("PUT", name, definition);
    assertThat(updated.status()).as(updated.text()).isEqualTo(200);
    Awaitility.await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> api.send("GET", PATH, null).status() == 404);

    assertThat(api.send("DELETE", name, null).status()).isEqualTo(200);

    Awaitility.await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> api.send("GET", name, null).status() == 404);
    CronTabs.define(api, DEFINITION);
    assertThat(Trees.list(api.send("GET", PATH, null).tree(), "items")).isEmpty();
  }

  @Test
  void aNameInUseIsNotAccepted() {
    String other =
        DEFINITION
            .replace("crontabs.stable", "crondabs.stable")
            .replace("plural: crontabs, singular: crontab", "plural: crondabs, singular: crondab");
    assertThat(api.send("POST", DEFINITIONS, tree(other)).status()).isEqualTo(201);
    Awaitility.await()
        .atMost(10, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThat(
                        api.send("GET", DEFINITIONS + "/crondabs.stable.example.com", null).text())
                    .contains("ListKindConflict", "is already in use", "NotAccepted"));
  }
}
