package io.kubra.apiserver.customresource;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Json;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import io.kubra.apiserver.webhook.TestingWebhook;
import io.kubra.metrics.MetricRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Version v1 has {@code spec.hostPort}, version v2 {@code spec.host} and {@code spec.port}. */
class WebhookConversionTest {
  private static final String DEFINITION =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String V1 = "/apis/stable.example.com/v1/namespaces/default/servers";
  private static final String V2 = "/apis/stable.example.com/v2/namespaces/default/servers";

  @TempDir Path folder;
  private final MetricRegistry metrics = new MetricRegistry();
  private TestingWebhook webhook;
  private TestingApiServer api;

  @BeforeEach
  void start() {
    webhook = new TestingWebhook(folder, "127.0.0.1", "hook.default.svc");
    webhook.answer("/convert", WebhookConversionTest::convert);
    api = TestingApiServer.start(b -> b.metrics(metrics).catalogue(Catalogue.extensible()));
    Response made = send("POST", DEFINITION, definition("v1"));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    Awaitility.await().until(() -> api.send("GET", V2, null).status() == 200);
  }

  @AfterEach
  void stop() {
    api.close();
    webhook.close();
  }

  @Test
  void objectsAreReadAndWrittenInEveryVersion() {
    create(V1, "v1", "a", "'hostPort':'alpha:1'");
    Response read = api.send("GET", V2 + "/a", null);
    assertThat(read.status()).as(read.text()).isEqualTo(200);
    assertThat(Trees.map(read.tree(), "spec")).isEqualTo(Map.of("host", "alpha", "port", "1"));
    create(V2, "v2", "b", "'host':'beta','port':'2'");
    assertThat(spec(api.send("GET", V1 + "/b", null))).isEqualTo(Map.of("hostPort", "beta:2"));
    Response patched =
        api.send(
            "PATCH",
            V2 + "/b",
            "application/merge-patch+json",
            "{\"spec\":{\"port\":\"3\"}}".getBytes(StandardCharsets.UTF_8));
    assertThat(patched.status()).as(patched.text()).isEqualTo(200);
    assertThat(spec(api.send("GET", V1 + "/b", null))).isEqualTo(Map.of("hostPort", "beta:3"));
    assertThat(new String(metrics.text(), StandardCharsets.UTF_8))
        .contains("apiserver_crd_conversion_webhook_duration_seconds_count{crd_name=")
        .contains(
            "apiserver_conversion_webhook_request_total{failure_type=\"\",result=\"success\"}");
  }

  @Test
  void aListOfObjectsOfSeveralStoredVersionsIsConvertedInOneCall() {
    create(V1, "v1", "a", "'hostPort':'alpha:1'");
    create(V1, "v1", "b", "'hostPort':'beta:2'");
    Map<String, Object> known =
        api.send("GET", DEFINITION + "/servers.stable.example.com", null).tree();
    for (Map<String, Object> version : Trees.maps(known, "spec", "versions")) {
      version.put("storage", "v2".equals(version.get("name")));
    }
    assertThat(api.send("PUT", DEFINITION + "/servers.stable.example.com", known).status())
        .isEqualTo(200);
    Awaitility.await()
        .untilAsserted(
            () -> {
              send("DELETE", V2 + "/c", "{}");
              create(V2, "v2", "c", "'host':'gamma','port':'3'");
              int before = webhook.asked("/convert").size();
              Response list = api.send("GET", V2, null);
              assertThat(list.status()).as(list.text()).isEqualTo(200);
              List<Object> hosts = new ArrayList<>();
              Trees.maps(list.tree(), "items")
                  .forEach(i -> hosts.add(Trees.get(i, "spec", "host")));
              assertThat(hosts).containsExactly("alpha", "beta", "gamma");
              assertThat(webhook.asked("/convert").size() - before).isEqualTo(1);
              assertThat(Trees.list(webhook.asked("/convert").getLast(), "request", "objects"))
                  .hasSize(2);
            });
  }

  @Test
  void whatCannotBeConvertedIsReportedAndTheRestGoesOn() {
    create(V1, "v1", "a", "'hostPort':'alpha:1'");
    webhook.answer(
        "/convert",
        review ->
            Map.of(
                "apiVersion",
                "apiextensions.k8s.io/v1",
                "kind",
                "ConversionReview",
                "response",
                Map.of(
                    "uid",
                    Trees.stringOr(review, "", "request", "uid"),
                    "result",
                    Map.of("status", "Failure", "message", "do not know how"))));
    Response read = api.send("GET", V2 + "/a", null);
    assertThat(read.status()).isEqualTo(500);
    assertThat(read.tree())
        .containsEntry(
            "message",
            "conversion webhook for stable.example.com/v1, Kind=Server failed: do not know how");
    assertThat(api.send("GET", V2, null).status()).isEqualTo(500);
    assertThat(api.send("GET", V1 + "/a", null).status()).isEqualTo(200);
    Response watch = api.send("GET", V2 + "?watch=1&timeoutSeconds=5", null);
    assertThat(watch.text()).contains("\"type\":\"ERROR\"").contains("do not know how");
    webhook.answer("/convert", review -> renamed(convert(review)));
    assertThat(api.send("GET", V2 + "/a", null).text())
        .contains(
            "returned invalid converted object at index 0: must have the same name: a != other");
  }

  @Test
  void ofMetadataConversionChangesLabelsAndAnnotationsOnly() {
    create(V1, "v1", "a", "'hostPort':'alpha:1'");
    webhook.answer(
        "/convert",
        review -> {
          Map<String, Object> answer = convert(review);
          for (Map<String, Object> o : Trees.maps(answer, "response", "convertedObjects")) {
            Trees.set(o, Map.of("added", "yes"), "metadata", "labels");
            Trees.set(o, List.of("bad/finalizer"), "metadata", "finalizers");
          }
          return answer;
        });
    Map<String, Object> read = api.send("GET", V2 + "/a", null).tree();
    assertThat(Trees.map(read, "metadata", "labels")).isEqualTo(Map.of("added", "yes"));
    assertThat(Trees.get(read, "metadata", "finalizers")).isNull();
  }

  @Test
  void whoAppliedInOneVersionIsAskedWhatAnotherChangesInTheOther() {
    String v1 = "{'apiVersion':'stable.example.com/v1','kind':'Server','spec':{'hostPort':'a:1'}}";
    String v2 =
        "{'apiVersion':'stable.example.com/v2','kind':'Server','spec':{'host':'a','port':'PORT'}}";
    assertThat(apply(V1, "alice", v1).status()).isEqualTo(201);
    Response same = apply(V2, "bob", v2.replace("PORT", "1"));
    assertThat(same.status()).as(same.text()).isEqualTo(200);
    assertThat(managers(same)).containsExactlyInAnyOrder("alice v1", "bob v2");
    Response conflict = apply(V2, "bob", v2.replace("PORT", "2"));
    assertThat(conflict.status()).as(conflict.text()).isEqualTo(409);
    assertThat(conflict.text()).contains("conflict with \\\"alice\\\": .spec.hostPort");
    Response forced = apply(V2, "bob&force=true", v2.replace("PORT", "2"));
    assertThat(forced.status()).as(forced.text()).isEqualTo(200);
    assertThat(managers(forced)).containsExactly("bob v2");
    Response less =
        apply(
            V2,
            "bob",
            "{'apiVersion':'stable.example.com/v2','kind':'Server','spec':{'host':'a'}}");
    assertThat(less.status()).as(less.text()).isEqualTo(200);
    // the webhook of this test writes that there is no port into the stored version
    assertThat(Trees.get(less.tree(), "spec", "port")).isEqualTo("null");
  }

  private Response apply(String path, String manager, String json) {
    return api.send(
        "PATCH",
        path + "/s?fieldManager=" + manager,
        "application/apply-patch+yaml",
        json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> managers(Response response) {
    List<String> managers = new ArrayList<>();
    for (Map<String, Object> e : Trees.maps(response.tree(), "metadata", "managedFields")) {
      managers.add(
          e.get("manager")
              + " "
              + Trees.stringOr(e, "", "apiVersion").replace("stable.example.com/", ""));
    }
    return managers;
  }

  @Test
  void aDefinitionThatCannotConvertIsRefused() {
    String others = definition("v1").replace("servers", "others").replace("Server", "Other");
    assertThat(send("POST", DEFINITION, others.replaceAll(",'webhook':\\{.*?\\}\\}", "")).text())
        .contains("spec.conversion.webhookClientConfig: Required value: required when strategy is");
    assertThat(send("POST", DEFINITION, others.replace("https://", "http://")).text())
        .contains("'https' is the only allowed URL scheme");
    assertThat(send("POST", DEFINITION, others.replace("['v1']", "['v9']")).text())
        .contains("must include at least one of v1, v1beta1");
  }

  private static Map<String, Object> renamed(Map<String, Object> answer) {
    for (Map<String, Object> o : Trees.maps(answer, "response", "convertedObjects")) {
      Trees.set(o, "other", "metadata", "name");
    }
    return answer;
  }

  /** Plays the webhook. */
  private static Map<String, Object> convert(Map<String, Object> review) {
    String wanted = Trees.stringOr(review, "", "request", "desiredAPIVersion");
    List<Object> converted = new ArrayList<>();
    for (Map<String, Object> object : Trees.maps(review, "request", "objects")) {
      Map<String, Object> spec = Trees.ensureMap(object, "spec");
      Map<String, Object> next = new LinkedHashMap<>();
      if (wanted.endsWith("/v2")) {
        String[] parts = Trees.stringOr(spec, ":", "hostPort").split(":");
        next.put("host", parts[0]);
        next.put("port", parts[1]);
      } else {
        next.put("hostPort", spec.get("host") + ":" + spec.get("port"));
      }
      object.put("spec", next);
      object.put("apiVersion", wanted);
      converted.add(object);
    }
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("uid", Trees.stringOr(review, "", "request", "uid"));
    response.put("result", Map.of("status", "Success"));
    response.put("convertedObjects", converted);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("apiVersion", review.get("apiVersion"));
    answer.put("kind", review.get("kind"));
    answer.put("response", response);
    return answer;
  }

  private String definition(String storage) {
    return ("{'metadata':{'name':'servers.stable.example.com'},'spec':{'group':'stable.example.com',"
            + "'scope':'Namespaced','names':{'plural':'servers','kind':'Server'},"
            + "'conversion':{'strategy':'Webhook','webhook':{'conversionReviewVersions':"
            + "['v1'],'clientConfig':CLIENT}},"
            + "'versions':[@1,@2]}}")
        .replace("@1", version("v1", storage, "'hostPort':{'type':'string'}"))
        .replace("@2", version("v2", storage, "'host':{'type':'string'},'port':{'type':'string'}"))
        .replace("CLIENT", webhook.url("/convert"));
  }

  private static String version(String name, String storage, String fields) {
    return "{'name':'%s','served':true,'storage':%s,'schema':{'openAPIV3Schema':{'type':'object',"
            .formatted(name, name.equals(storage))
        + "'properties':{'spec':{'type':'object','properties':{"
        + fields
        + "}}}}}}";
  }

  private static Object spec(Response response) {
    assertThat(response.status()).as(response.text()).isEqualTo(200);
    return response.tree().get("spec");
  }

  private void create(String path, String version, String name, String spec) {
    Response made =
        send(
            "POST",
            path,
            "{'apiVersion':'stable.example.com/%s','kind':'Server','metadata':{'name':'%s'},'spec':{%s}}"
                .formatted(version, name, spec));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
  }

  private Response send(String method, String path, String json) {
    return api.send(method, path, Json.parse(json.replace('\'', '"')));
  }
}
