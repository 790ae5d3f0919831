package io.kubra.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.ApiServer;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PriorityAndFairnessTest {
  private static final String GROUP = "/apis/flowcontrol.apiserver.k8s.io/v1";
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  private final CountDownLatch gate = new CountDownLatch(1);
  private final HttpClient client = HttpClient.builder().build();
  private final TestingApiServer server = TestingApiServer.start(this::configure);

  private ApiServer.Builder configure(ApiServer.Builder b) {
    return b.priorityAndFairness(true)
        .maxInFlight(20, 10)
        .bind(new InetSocketAddress("127.0.0.1", 0), null)
        .authenticator(o -> x -> Optional.of(userOf(x.headers().getOr("User", "admin"))))
        .admission(o -> List.of(new Stopping()));
  }

  /** Holds writes of objects named slow until the test lets them go. */
  private final class Stopping implements AdmissionPlugin {
    @Override
    public String name() {
      return "Stopping";
    }

    @Override
    public void mutate(AdmissionContext context) {
      if (context.name().startsWith("slow")) {
        try {
          gate.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private static UserInfo userOf(String name) {
    return name.equals("admin")
        ? UserInfo.of("admin", UserInfo.MASTERS, "system:authenticated")
        : UserInfo.of(name, "system:authenticated");
  }

  @AfterEach
  void stop() {
    gate.countDown();
    client.close();
    server.close();
  }

  private record Answer(int status, HttpHeaders headers, byte[] body) {
    Map<String, Object> tree() {
      return Json.parseObject(body);
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private Answer send(String user, String method, String path, @Nullable Object body) {
    HttpHeaders headers = HttpHeaders.of("Content-Type", "application/json");
    headers.set("User", user);
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    HttpRequest request =
        HttpRequest.of(method, uri, headers, body == null ? new byte[0] : Json.write(body));
    try (HttpClientResponse response = client.send(request)) {
      return new Answer(response.status(), response.headers(), response.bytes());
    }
  }

  private static Map<String, Object> map(String name) {
    return SecuredServer.json(
        "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'%s'}}".formatted(name));
  }

  private void level(String name, String limited) {
    Answer made =
        send(
            "admin",
            "POST",
            GROUP + "/prioritylevelconfigurations",
            SecuredServer.json(
                "{'apiVersion':'flowcontrol.apiserver.k8s.io/v1','kind':'PriorityLevelConfiguration','metadata':{'name':'%s'},'spec':{'type':'Limited','limited':{%s}}}"
                    .formatted(name, limited)));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
  }

  private void schema(String name, String level, String user) {
    Answer made =
        send(
            "admin",
            "POST",
            GROUP + "/flowschemas",
            SecuredServer.json(
                ("{'apiVersion':'flowcontrol.apiserver.k8s.io/v1','kind':'FlowSchema','metadata':{'name':'%s'},'spec':{'priorityLevelConfiguration':{'name':'%s'},'matchingPrecedence':50,"
                        + "'distinguisherMethod':{'type':'ByUser'},'rules':[{'subjects':[{'kind':'User','user':{'name':'%s'}}],'resourceRules':[{'verbs':['*'],'apiGroups':['*'],'resources':['*'],'namespaces':['*'],'clusterScope':true}]}]}}")
                    .formatted(name, level, user)));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    String uid = Trees.string(made.tree(), "metadata", "uid");
    await()
        .until(
            () ->
                String.valueOf(uid)
                    .equals(
                        send(user, "GET", MAPS, null)
                            .headers()
                            .get("X-Kubernetes-PF-FlowSchema-UID")));
  }

  @Test
  void answersNameTheSchemaAndTheLevelOfTheRequest() {
    String schema = uid("flowschemas/global-default");
    String level = uid("prioritylevelconfigurations/global-default");

    HttpHeaders headers = send("jane", "GET", MAPS, null).headers();

    assertThat(headers.get("X-Kubernetes-PF-FlowSchema-UID")).isEqualTo(schema);
    assertThat(headers.get("X-Kubernetes-PF-PriorityLevel-UID")).isEqualTo(level);
    assertThat(
            send("admin", "GET", "/version", null).headers().get("X-Kubernetes-PF-FlowSchema-UID"))
        .isEqualTo(uid("flowschemas/exempt"));
    assertThat(
            send("jane", "GET", MAPS + "/gone", null)
                .headers()
                .get("X-Kubernetes-PF-FlowSchema-UID"))
        .isEqualTo(schema);
  }

  private String uid(String path) {
    return Trees.stringOr(
        send("admin", "GET", GROUP + "/" + path, null).tree(), "none", "metadata", "uid");
  }

  @Test
  void mandatoryObjectsComeBackAndSuggestedOnesMayGo() {
    send("admin", "DELETE", GROUP + "/flowschemas/catch-all", null);
    send("admin", "DELETE", GROUP + "/flowschemas/service-accounts", null);

    await()
        .until(() -> send("admin", "GET", GROUP + "/flowschemas/catch-all", null).status() == 200);
    assertThat(send("admin", "GET", GROUP + "/flowschemas/service-accounts", null).status())
        .isEqualTo(404);
  }

  @Test
  void aSchemaWithoutItsLevelIsDangling() {
    send(
        "admin",
        "POST",
        GROUP + "/flowschemas",
        SecuredServer.json(
            "{'apiVersion':'flowcontrol.apiserver.k8s.io/v1','kind':'FlowSchema','metadata':{'name':'lost'},'spec':{'priorityLevelConfiguration':{'name':'nowhere'},'matchingPrecedence':50}}"));

    await()
        .until(
            () -> send("admin", "GET", GROUP + "/flowschemas/lost", null).text(),
            text ->
                text.contains("\"Dangling\"")
                    && text.contains("named \\\"nowhere\\\" but there is no such object"));
  }

  @Test
  void aLevelThatRefusesDoesSoWhenItsSeatsAreTaken() throws Exception {
    level(
        "tiny",
        "'nominalConcurrencyShares':1,'borrowingLimitPercent':0,'limitResponse':{'type':'Reject'}");
    schema("tiny", "tiny", "flood");

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Answer>> slow = new ArrayList<>();
      slow.add(
          CompletableFuture.supplyAsync(() -> send("flood", "POST", MAPS, map("slow")), threads));
      await().until(() -> send("flood", "GET", MAPS, null).status() == 429);

      Answer refused = send("flood", "GET", MAPS, null);
      assertThat(refused.headers().get("Retry-After")).isEqualTo("1");
      assertThat(refused.text()).contains("Too many requests, please try again later.");
      // others are not concerned
      assertThat(send("jane", "GET", MAPS, null).status()).isEqualTo(200);
      assertThat(send("admin", "GET", "/metrics", null).text())
          .contains(
              "apiserver_flowcontrol_current_executing_requests{flow_schema=\"tiny\",priority_level=\"tiny\"} 1",
              "reason=\"concurrency-limit\"");
      gate.countDown();
      assertThat(slow.getFirst().get().status()).isEqualTo(201);
    }
    assertThat(send("flood", "GET", MAPS, null).status()).isEqualTo(200);
  }

  @Test
  void requestsWaitInQueuesAndAreServedWhenSeatsAreFree() throws Exception {
    level(
        "small",
        "'nominalConcurrencyShares':1,'borrowingLimitPercent':0,'limitResponse':{'type':'Queue','queuing':{'queues':2,'handSize':1,'queueLengthLimit':3}}");
    schema("small", "small", "eager");

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Answer>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String name = "slow" + i;
        all.add(
            CompletableFuture.supplyAsync(() -> send("eager", "POST", MAPS, map(name)), threads));
      }
      await()
          .until(
              () ->
                  send(
                          "admin",
                          "GET",
                          "/debug/api_priority_and_fairness/dump_priority_levels",
                          null)
                      .text()
                      .lines()
                      .anyMatch(l -> l.matches("small, +1, +false, +false, +3, +1, .*")));
      assertThat(send("eager", "GET", MAPS, null).status()).as("the queue is full").isEqualTo(429);
      assertThat(
              send("admin", "GET", "/debug/api_priority_and_fairness/dump_requests", null).text())
          .contains("eager");
      gate.countDown();
      for (CompletableFuture<Answer> each : all) {
        assertThat(each.get().status()).isEqualTo(201);
      }
    }
  }

  @Test
  void aWatchGivesItsSeatBackOnceItRuns() {
    level(
        "single",
        "'nominalConcurrencyShares':1,'borrowingLimitPercent':0,'limitResponse':{'type':'Reject'}");
    schema("single", "single", "viewer");
    HttpHeaders headers = HttpHeaders.of("User", "viewer");
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + MAPS + "?watch=1");

    try (HttpClientResponse watch = client.send(HttpRequest.of("GET", uri, headers))) {
      assertThat(watch.status()).isEqualTo(200);
      await().until(() -> send("viewer", "GET", MAPS, null).status() == 200);
    }
  }
}
