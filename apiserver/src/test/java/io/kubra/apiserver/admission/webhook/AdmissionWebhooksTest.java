package io.kubra.apiserver.admission.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import io.kubra.apiserver.webhook.TestingWebhook;
import io.kubra.metrics.MetricRegistry;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionWebhooksTest {
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String ON_CONFIG_MAPS =
      "{'operations':['*'],'apiGroups':[''],'apiVersions':['v1'],'resources':['configmaps']}";

  @TempDir Path folder;
  private final MetricRegistry metrics = new MetricRegistry();
  private TestingWebhook webhook;
  private TestingApiServer api;

  @BeforeEach
  void start() {
    webhook = new TestingWebhook(folder, "127.0.0.1", "hook.default.svc");
    api =
        TestingApiServer.start(
            b ->
                b.metrics(metrics)
                    .bind(new InetSocketAddress("127.0.0.1", 0), null)
                    .admission(
                        o -> {
                          AdmissionWebhooks hooks =
                              new AdmissionWebhooks(o, Authorizer.ALLOW_ALL, metrics);
                          return List.of(hooks.mutating(), hooks.validating());
                        }));
  }

  @AfterEach
  void stop() {
    api.close();
    webhook.close();
  }

  @Test
  void aMutatingWebhookChangesWhatIsStored() {
    webhook.review(
        "/mutate",
        r -> TestingWebhook.patch("[{'op':'add','path':'/data','value':{'added':'yes'}}]"));
    configure("mutating", "one", "a.example.com", "/mutate", ON_CONFIG_MAPS, "");
    Response created = create(CONFIG_MAPS, "{'metadata':{'name':'x'}}");
    assertThat(created.status()).isEqualTo(201);
    assertThat(Trees.string(created.tree(), "data", "added")).isEqualTo("yes");
    Map<String, Object> request = last("/mutate");
    assertThat(request)
        .containsEntry("operation", "CREATE")
        .containsEntry("name", "x")
        .containsEntry("namespace", "default")
        .containsEntry("dryRun", false)
        .containsEntry("oldObject", null)
        .containsEntry("kind", Map.of("group", "", "version", "v1", "kind", "ConfigMap"))
        .containsEntry("resource", Map.of("group", "", "version", "v1", "resource", "configmaps"));
    assertThat(Trees.string(request, "userInfo", "username")).isEqualTo("kubernetes-admin");
    assertThat(Trees.string(request, "options", "kind")).isEqualTo("CreateOptions");
    assertThat(webhook.exchanges().getLast().rawQuery()).isEqualTo("timeout=10s");
  }

  @Test
  void whatAWebhookAddsIsNotTheClients() {
    webhook.review(
        "/mutate", r -> TestingWebhook.patch("[{'op':'add','path':'/data/added','value':'yes'}]"));
    configure("mutating", "one", "a.example.com", "/mutate", ON_CONFIG_MAPS, "");
    Response created = create(CONFIG_MAPS, "{'metadata':{'name':'x'},'data':{'own':'1'}}");
    assertThat(Json.toString(Trees.get(created.tree(), "metadata", "managedFields")))
        .contains("f:own")
        .doesNotContain("f:added");
    webhook.review(
        "/mutate",
        r ->
            TestingWebhook.patch(
                "[{'op':'replace','path':'/metadata/managedFields/0/operation','value':'?'}]"));
    created = create(CONFIG_MAPS, "{'metadata':{'name':'y'},'data':{'own':'1'}}");
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    assertThat(created.headers().get("Warning"))
        .contains(".metadata.managedFields was in an invalid state after admission");
    assertThat(created.text()).contains("f:own");
  }

  @Test
  void aRefusalCarriesTheWebhooksWordsCodeAndDetails() {
    webhook.review(
        "/deny",
        r ->
            Map.of(
                "allowed",
                false,
                "warnings",
                List.of("mind the gap"),
                "status",
                Map.of("code", 403, "reason", "Forbidden", "message", "not today")));
    configure("validating", "one", "deny.example.com", "/deny", ON_CONFIG_MAPS, "");
    Response refused = create(CONFIG_MAPS, "{'metadata':{'name':'x'}}");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.tree())
        .containsEntry("reason", "Forbidden")
        .containsEntry(
            "message", "admission webhook \"deny.example.com\" denied the request: not today");
    assertThat(refused.headers().get("Warning")).isEqualTo("299 - \"mind the gap\"");
    webhook.review("/deny", r -> Map.of("allowed", false));
    refused = create(CONFIG_MAPS, "{'metadata':{'name':'x'}}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains("denied the request without explanation");
    assertThat(new String(metrics.text(), StandardCharsets.UTF_8))
        .contains(
            "apiserver_admission_webhook_rejection_count{error_type=\"no_error\","
                + "name=\"deny.example.com\",operation=\"CREATE\",rejection_code=\"403\","
                + "type=\"validating\"} 1",
            "apiserver_admission_controller_admission_duration_seconds_count{"
                + "name=\"ValidatingAdmissionWebhook\",operation=\"CREATE\",rejected=\"true\","
                + "type=\"validate\"}");
  }

  @Test
  void matchConditionsKeepRequestsFromAWebhook() {
    webhook.review("/deny", r -> Map.of("allowed", false));
    String condition = "'matchConditions':[{'name':'named','expression':'%s'}]";
    configure(
        "validating",
        "one",
        "deny.example.com",
        "/deny",
        ON_CONFIG_MAPS,
        condition.formatted("object.metadata.name.startsWith(\\\"no\\\")"));
    assertThat(create(CONFIG_MAPS, "{'metadata':{'name':'yes'}}").status()).isEqualTo(201);
    assertThat(create(CONFIG_MAPS, "{'metadata':{'name':'no'}}").status()).isEqualTo(400);
    delete("validating", "one");
    configure(
        "validating",
        "two",
        "fail.example.com",
        "/deny",
        ON_CONFIG_MAPS,
        condition.formatted("object.data.missing == \\\"x\\\""));
    assertThat(create(CONFIG_MAPS, "{'metadata':{'name':'no'},'data':{'a':'b'}}").text())
        .contains("resulted in error: no such key: missing");
  }

  @Test
  void warningsOfAnyLanguageArriveAndManyAreCut() throws Exception {
    List<String> said = List.of("größer", "ä".repeat(3000), "ö".repeat(3000));
    webhook.review("/warn", r -> Map.of("allowed", true, "warnings", said));
    configure("validating", "one", "warn.example.com", "/warn", ON_CONFIG_MAPS, "");
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + api.address().getPort() + CONFIG_MAPS))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"metadata\":{\"name\":\"x\"}}"))
                    .build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(201);
    List<String> warnings = new ArrayList<>();
    for (String warning : answer.headers().allValues("Warning")) {
      byte[] sent = warning.getBytes(StandardCharsets.ISO_8859_1);
      warnings.add(new String(sent, StandardCharsets.UTF_8));
    }
    assertThat(warnings)
        .containsExactly(
            "299 - \"größer\"",
            "299 - \"" + "ä".repeat(256) + "\"",
            "299 - \"" + "ö".repeat(256) + "\"");
  }

  @Test
  void aWebhookThatFailsStopsTheRequestUnlessItSaysIgnore() {
    configure("validating", "one", "none.example.com", "/none", ON_CONFIG_MAPS, "");
    Response failed = create(CONFIG_MAPS, "{'metadata':{'name':'x'}}");
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.tree())
        .containsEntry(
            "message",
            "Internal error occurred: failed calling webhook \"none.example.com\": failed to call"
                + " webhook: the server could not find the requested resource");
    webhook.answer("/none", r -> "no json");
    assertThat(create(CONFIG_MAPS, "{'metadata':{'name':'x'}}").text())
        .contains("failed to call webhook: couldn't get version/kind; json parse error:");
    webhook.review("/none", r -> Map.of("uid", "other", "allowed", true));
    assertThat(create(CONFIG_MAPS, "{'metadata':{'name':'x'}}").text())
        .contains("received invalid webhook response: expected response.uid=", "got \\\"other\\\"");
    webhook.review("/none", r -> TestingWebhook.patch("[]"));
    assertThat(create(CONFIG_MAPS, "{'metadata':{'name':'x'}}").text())
        .contains("validating webhook may not return response.patch");
    delete("validating", "one");
    configure(
        "validating", "two", "b.example.com", "/gone", ON_CONFIG_MAPS, "'failurePolicy':'Ignore'");
    assertThat(create(CONFIG_MAPS, "{'metadata':{'name':'y'}}").status()).isEqualTo(201);
    assertThat(new String(metrics.text(), StandardCharsets.UTF_8))
        .contains("webhook_fail_open_count{name=\"b.example.com\",type=\"validating\"} 1");
  }

  @Test
  void aPatchThatDoesNotFitIsTheServersErrorAndNothingIsStored() {
    webhook.review(
        "/bad", r -> TestingWebhook.patch("[{'op':'remove','path':'/data/nothing/there'}]"));
    configure("mutating", "one", "bad.example.com", "/bad", ON_CONFIG_MAPS, "");
    Response failed = create(CONFIG_MAPS, "{'metadata':{'name':'x'}}");
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.text()).contains("Internal error occurred: ").contains("/data/nothing");
    webhook.review("/bad", r -> TestingWebhook.patch("[{'op':'add','path':'/data','value':7}]"));
    assertThat(create(CONFIG_MAPS, "{'metadata':{'name':'x'}}").text())
        .contains("Internal error occurred: json: cannot unmarshal number");
    assertThat(api.send("GET", CONFIG_MAPS + "/x", null).status()).isEqualTo(404);
  }

  @Test
  void webhooksAreAskedByTheNamesOfTheirConfigurationsAndAgainAfterALaterChange() {
    webhook.review(
        "/first",
        r ->
            TestingWebhook.patch(
                "[{'op':'add','path':'/data/first','value':'%s'}]"
                    .formatted(Trees.stringOr(r, "none", "object", "data", "second"))));
    webhook.review(
        "/second",
        r -> TestingWebhook.patch("[{'op':'add','path':'/data/second','value':'here'}]"));
    configure("mutating", "b", "second.example.com", "/second", ON_CONFIG_MAPS, "");
    configure(
        "mutating",
        "a",
        "first.example.com",
        "/first",
        ON_CONFIG_MAPS,
        "'reinvocationPolicy':'IfNeeded'");
    Response created = create(CONFIG_MAPS, "{'metadata':{'name':'x'},'data':{'k':'v'}}");
    assertThat(Trees.map(created.tree(), "data"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("k", "v", "first", "here", "second", "here"));
    assertThat(webhook.asked("/first")).hasSize(2);
    assertThat(webhook.asked("/second")).hasSize(1);
  }

  @Test
  void anEquivalentVersionIsShownInTheVersionOfTheRule() {
    webhook.review(
        "/hpa",
        r ->
            TestingWebhook.patch(
                "[{'op':'add','path':'/spec/targetCPUUtilizationPercentage','value':41}]"));
    configure(
        "mutating",
        "hpa",
        "hpa.example.com",
        "/hpa",
        "{'operations':['CREATE'],'apiGroups':['autoscaling'],'apiVersions':['v1'],"
            + "'resources':['horizontalpodautoscalers']}",
        "");
    Response created =
        create(
            "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
            "{'metadata':{'name':'x'},'spec':{'maxReplicas':3,'scaleTargetRef':{'kind':'Deployment',"
                + "'name':'d','apiVersion':'apps/v1'}}}");
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    Map<String, Object> request = last("/hpa");
    assertThat(Trees.string(request, "object", "apiVersion")).isEqualTo("autoscaling/v1");
    assertThat(Trees.string(request, "kind", "version")).isEqualTo("v1");
    assertThat(Trees.string(request, "requestKind", "version")).isEqualTo("v2");
    assertThat(created.text()).contains("\"averageUtilization\":41");
  }

  @Test
  void selectorsLookAtTheObjectAndAtItsNamespace() {
    webhook.review("/deny", r -> Map.of("allowed", false));
    create("/api/v1/namespaces", "{'metadata':{'name':'guarded','labels':{'guard':'on'}}}");
    configure(
        "validating",
        "one",
        "deny.example.com",
        "/deny",
        ON_CONFIG_MAPS,
        "'namespaceSelector':{'matchLabels':{'guard':'on'}},"
            + "'objectSelector':{'matchExpressions':[{'key':'free','operator':'DoesNotExist'}]}");
    String guarded = "/api/v1/namespaces/guarded/configmaps";
    assertThat(create(CONFIG_MAPS, "{'metadata':{'name':'x'}}").status()).isEqualTo(201);
    assertThat(create(guarded, "{'metadata':{'name':'x'}}").status()).isEqualTo(400);
    assertThat(create(guarded, "{'metadata':{'name':'x','labels':{'free':'1'}}}").status())
        .isEqualTo(201);
  }

  @Test
  void deletesScalesConnectionsAndReviewsAreAskedAboutToo() {
    webhook.review("/see", r -> TestingWebhook.allow());
    configure(
        "validating",
        "one",
        "see.example.com",
        "/see",
        "{'operations':['*'],'apiGroups':['*'],'apiVersions':['*'],'resources':['*/*']}",
        "");
    create(CONFIG_MAPS, "{'metadata':{'name':'x'}}");
    api.send("DELETE", CONFIG_MAPS + "/x?dryRun=All&gracePeriodSeconds=3", null);
    Map<String, Object> request = last("/see");
    assertThat(request).containsEntry("operation", "DELETE").containsEntry("object", null);
    assertThat(Trees.string(request, "oldObject", "metadata", "name")).isEqualTo("x");
    assertThat(request).containsEntry("dryRun", true);
    assertThat(Trees.map(request, "options")).containsEntry("gracePeriodSeconds", 3L);
    String deployments = "/apis/apps/v1/namespaces/default/deployments";
    create(
        deployments,
        "{'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'a':'b'}},'template':"
            + "{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}");
    api.send(
        "PATCH",
        deployments + "/d/scale",
        "application/merge-patch+json",
        "{\"spec\":{\"replicas\":4}}".getBytes(StandardCharsets.UTF_8));
    request = last("/see");
    assertThat(request).containsEntry("subResource", "scale").containsEntry("operation", "UPDATE");
    assertThat(request)
        .containsEntry("kind", Map.of("group", "autoscaling", "version", "v1", "kind", "Scale"));
    assertThat(Trees.integer(request, "object", "spec", "replicas")).isEqualTo(4);
    assertThat(Trees.integer(request, "oldObject", "spec", "replicas")).isEqualTo(1);
  }

  @Test
  void nobodyLocksHimselfOutOfTheConfiguration() {
    webhook.review("/deny", r -> Map.of("allowed", false));
    configure(
        "validating",
        "one",
        "deny.example.com",
        "/deny",
        "{'operations':['*'],'apiGroups':['*'],'apiVersions':['*'],'resources':['*/*']}",
        "");
    assertThat(create(CONFIG_MAPS, "{'metadata':{'name':'x'}}").status()).isEqualTo(400);
    assertThat(api.send("DELETE", path("validating") + "/one", null).status()).isEqualTo(200);
    Awaitility.await()
        .until(() -> create(CONFIG_MAPS, "{'metadata':{'generateName':'x'}}").status() == 201);
  }

  private Map<String, Object> last(String path) {
    Map<String, Object> request = Trees.map(webhook.asked(path).getLast(), "request");
    assertThat(request).isNotNull();
    return request;
  }

  private static String path(String kind) {
    return "/apis/admissionregistration.k8s.io/v1/" + kind + "webhookconfigurations";
  }

  /** Configures a webhook, and waits until it is in force. */
  private void configure(
      String kind, String name, String hook, String path, String rule, String more) {
    String probe =
        "{'operations':['CREATE'],'apiGroups':[''],'apiVersions':['v1'],'resources':['secrets']}";
    webhook.review("/ready-" + name, r -> Map.of("allowed", false));
    String common =
        "'sideEffects':'None','admissionReviewVersions':['v1'],'rules':[%s],'clientConfig':%s";
    Response r =
        create(
            path(kind),
            ("{'metadata':{'name':'"
                + name
                + "'},'webhooks':[{'name':'"
                + hook
                + "',"
                + common.formatted(rule, webhook.url(path))
                + (more.isEmpty() ? "" : "," + more)
                + "},{'name':'ready."
                + name
                + ".io',"
                + common.formatted(probe, webhook.url("/ready-" + name))
                + "}]}"));
    assertThat(r.status()).as(r.text()).isEqualTo(201);
    Awaitility.await()
        .until(
            () -> {
              create(
                  "/api/v1/namespaces/default/secrets?dryRun=All",
                  "{'metadata':{'generateName':'probe'}}");
              return !webhook.asked("/ready-" + name).isEmpty();
            });
  }

  private void delete(String kind, String name) {
    assertThat(api.send("DELETE", path(kind) + "/" + name, null).status()).isEqualTo(200);
    Awaitility.await()
        .until(
            () ->
                create(
                            "/api/v1/namespaces/default/secrets?dryRun=All",
                            "{'metadata':{'generateName':'probe'}}")
                        .status()
                    == 201);
  }

  private Response create(String path, String json) {
    return api.send("POST", path, Json.parse(json.replace('\'', '"')));
  }
}
