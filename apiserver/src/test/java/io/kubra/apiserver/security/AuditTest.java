package io.kubra.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.podsecurity.PodSecurity;
import io.kubra.apiserver.admission.podsecurity.PodSecurityConfig;
import io.kubra.apiserver.audit.AuditConfig;
import io.kubra.apiserver.audit.AuditPolicy;
import io.kubra.apiserver.audit.Auditor;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.metrics.MetricRegistry;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditTest {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  @TempDir Path folder;
  private final MetricRegistry metrics = new MetricRegistry();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private Path log() {
    return folder.resolve("audit.log");
  }

  private TestingApiServer start(String rules) throws IOException {
    Path policy = folder.resolve("policy.yaml");
    Files.writeString(policy, "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n" + rules);
    return start(new AuditConfig(policy, AuditConfig.Log.at(log()), null));
  }

  private TestingApiServer start(AuditConfig config) {
    Auditor auditor = config.open(metrics, Clock.systemUTC());
    open.add(auditor);
    TestingApiServer server =
        TestingApiServer.start(
            b ->
                b.auditor(auditor)
                    .admission(
                        o -> List.of(new PodSecurity(o, PodSecurityConfig.DEFAULT, metrics))));
    open.add(server);
    return server;
  }

  private List<Map<String, Object>> events() throws IOException {
    return Files.readAllLines(log()).stream()
        .map(line -> Json.parseObject(line.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  /** The events of one request, as soon as the last of them is there. */
  private List<Map<String, Object>> eventsOf(TestingApiServer.Response response) {
    String id = response.headers().getOr("Audit-Id", "none");
    return await()
        .until(
            () -> events().stream().filter(e -> id.equals(e.get("auditID"))).toList(),
            all -> all.stream().anyMatch(e -> "ResponseComplete".equals(e.get("stage"))));
  }

  private static String map(String name) {
    return "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'%s'},'data':{'secret':'x'}}"
        .formatted(name);
  }

  @Test
  void aRequestIsRecordedWithWhoWhatAndHowItEnded() throws IOException {
    TestingApiServer server = start("- level: Metadata\n");

    var created = server.send("POST", MAPS + "?fieldManager=me", SecuredServer.json(map("m")));

    var events = eventsOf(created);
    assertThat(events)
        .extracting(e -> e.get("stage"))
        .containsExactly("RequestReceived", "ResponseComplete");
    var last = events.getLast();
    assertThat(last)
        .containsEntry("kind", "Event")
        .containsEntry("apiVersion", "audit.k8s.io/v1")
        .containsEntry("level", "Metadata")
        .containsEntry("verb", "create")
        .containsEntry("requestURI", MAPS + "?fieldManager=me")
        .doesNotContainKeys("requestObject", "responseObject");
    assertThat(Trees.string(last, "user", "username")).isEqualTo("kubernetes-admin");
    assertThat(Trees.get(last, "objectRef"))
        .isEqualTo(
            Map.of(
                "resource", "configmaps", "namespace", "default", "name", "m", "apiVersion", "v1"));
    assertThat(Trees.integer(last, "responseStatus", "code")).isEqualTo(201);
    assertThat(Trees.string(last, "annotations", "authorization.k8s.io/decision"))
        .isEqualTo("allow");
    assertThat(String.valueOf(last.get("stageTimestamp")))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
    assertThat(Files.readString(log())).doesNotContain("secret");
  }

  @Test
  void higherLevelsRecordBodiesAndRefusalsSayWhy() throws IOException {
    TestingApiServer server =
        start(
            """
            - level: RequestResponse
              resources: [{group: "", resources: ["configmaps"]}]
              omitManagedFields: true
            - level: Metadata
            """);

    var created = eventsOf(server.send("POST", MAPS, SecuredServer.json(map("m")))).getLast();
    var refused = eventsOf(server.send("GET", "/api/v1/nodes/gone", null)).getLast();

    assertThat(Trees.string(created, "requestObject", "data", "secret")).isEqualTo("x");
    assertThat(Trees.string(created, "responseObject", "metadata", "uid")).isNotNull();
    assertThat(Trees.get(created, "responseObject", "metadata", "managedFields")).isNull();
    assertThat(Trees.string(refused, "responseStatus", "message"))
        .isEqualTo("nodes \"gone\" not found");
    assertThat(Trees.string(refused, "responseStatus", "reason")).isEqualTo("NotFound");
  }

  @Test
  void rulesAreMatchedInOrderAndStagesAreLeftOut() throws IOException {
    TestingApiServer server =
        start(
            """
            - level: None
              users: ["kubernetes-admin"]
              verbs: ["get"]
              nonResourceURLs: ["/version"]
            - level: None
              namespaces: ["default"]
              resources: [{group: "", resources: ["configmaps"], resourceNames: ["quiet"]}]
            - level: Metadata
              omitStages: ["RequestReceived"]
            """);

    assertThat(server.send("GET", "/version", null).headers().get("Audit-Id")).isNull();
    assertThat(server.send("GET", MAPS + "/quiet", null).headers().get("Audit-Id")).isNull();
    assertThat(eventsOf(server.send("GET", MAPS + "/loud", null))).hasSize(1);
  }

  @Test
  void pluginsAnnotateTheEvent() throws IOException {
    TestingApiServer server = start("- level: Metadata\n");
    server.send(
        "PATCH",
        "/api/v1/namespaces/default",
        "application/merge-patch+json",
        "{\"metadata\":{\"labels\":{\"pod-security.kubernetes.io/audit\":\"baseline\"}}}"
            .getBytes(StandardCharsets.UTF_8));

    var event =
        eventsOf(
                server.send(
                    "POST",
                    "/api/v1/namespaces/default/pods",
                    SecuredServer.json(
                        "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{'hostPID':true,'containers':[{'name':'c','image':'i'}]}}")))
            .getLast();

    assertThat(Trees.string(event, "annotations", "pod-security.kubernetes.io/audit-violations"))
        .isEqualTo("would violate PodSecurity \"baseline:latest\": host namespaces (hostPID=true)");
    assertThat(Trees.string(event, "annotations", "pod-security.kubernetes.io/enforce-policy"))
        .isEqualTo("privileged:latest");
  }

  @Test
  void aWatchIsRecordedWhenItBegins() throws IOException {
    TestingApiServer server = start("- level: Metadata\n");

    var watched = server.send("GET", MAPS + "?watch=1&timeoutSeconds=1", null);

    assertThat(eventsOf(watched))
        .extracting(e -> e.get("stage"))
        .containsExactly("RequestReceived", "ResponseStarted", "ResponseComplete");
  }

  @Test
  void theLogIsRotatedAndOldFilesGo() throws IOException {
    TestingApiServer server =
        start(new AuditConfig(null, new AuditConfig.Log(log(), 0, 2, Duration.ZERO, false), null));

    for (int i = 0; i < 6; i++) {
      eventsOf(server.send("POST", MAPS, SecuredServer.json(map("m" + i))));
    }

    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .hasSize(3)
          .allMatch(f -> f.equals("audit.log") || f.matches("audit-[-0-9T.]{23}\\.log"));
    }
    assertThat(
            java.nio.file.attribute.PosixFilePermissions.toString(
                Files.getPosixFilePermissions(log())))
        .isEqualTo("rw-------");
  }

  @Test
  void aWebhookGetsListsOfEventsAlsoAfterItFailedOnce() throws IOException {
    List<Map<String, Object>> received = new CopyOnWriteArrayList<>();
    List<Integer> calls = new CopyOnWriteArrayList<>();
    HttpServer receiver =
        HttpServer.builder()
            .handler(
                x -> {
                  byte[] body;
                  try {
                    body = x.readBody(1 << 20);
                  } catch (io.kubra.transport.http.BodyTooLargeException e) {
                    throw new IllegalStateException(e);
                  }
                  calls.add(1);
                  if (calls.size() == 1) {
                    x.respond(500, new HttpHeaders());
                    return;
                  }
                  received.add(Json.parseObject(body));
                  x.respond(200, new HttpHeaders());
                })
            .start();
    open.add(receiver);
    Path kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        "clusters: [{name: a, cluster: {server: 'http://127.0.0.1:%d/audit'}}]"
            .formatted(receiver.port()));
    TestingApiServer server =
        start(
            new AuditConfig(
                null, null, new AuditConfig.Webhook(kubeconfig, 2, Duration.ofMillis(50), 100)));

    server.send("POST", MAPS, SecuredServer.json(map("m")));

    await().until(() -> !received.isEmpty());
    assertThat(received.getFirst()).containsEntry("kind", "EventList");
    assertThat(
            Trees.string(Trees.maps(received.getFirst(), "items").getFirst(), "objectRef", "name"))
        .isEqualTo("m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'level':'All'} | rules[0].level: Unsupported value: \"All\"",
        "{'level':'None','nonResourceURLs':['/x*y']} | wildcards '*' must be the final character",
        "{'level':'None','nonResourceURLs':['/x'],'namespaces':['a']} | cannot apply to both",
        "{'level':'None','verb':['get']} | rules[0]: unknown field \"verb\"",
        "{'level':'None','omitStages':['Later']} | Invalid value: \"Later\"",
      })
  void aWrongPolicyIsRefusedWithItsField(String rule, String why) {
    Map<String, Object> policy =
        SecuredServer.json(
            "{'apiVersion':'audit.k8s.io/v1','kind':'Policy','rules':[%s]}".formatted(rule));

    assertThatThrownBy(() -> AuditPolicy.of(policy)).hasMessageContaining(why);
  }
}
