package io.kubra.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.pki.CertificateProfile;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.standard.ServerFlags;
import io.kubra.apiserver.standard.StandardApiServer;
import io.kubra.apiserver.standard.StandardConfig;
import io.kubra.store.Store;
import io.kubra.store.embedded.EmbeddedStore;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.tls.ClientTls;
import io.kubra.transport.tls.KeyMaterial;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Walks every resource, subresource and verb that discovery names, over the network, as users
 * without any rights: nothing may be read or written but what everybody is granted by default.
 */
class NoRightsTest {
  private static final String MARK = "cannot-be-seen-by-strangers";

  /** What upstream's default roles grant to every user who is known. */
  private static final Set<String> EVERYBODY =
      Set.of(
          "POST /apis/authentication.k8s.io/v1/selfsubjectreviews",
          "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
          "POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews");

  @TempDir static Path folder;
  private static Store store;
  private static StandardApiServer server;
  private static List<String> requests;
  private static String token;

  @BeforeAll
  static void start() throws Exception {
    store = EmbeddedStore.inMemory();
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    server =
        StandardApiServer.start(
            StandardConfig.builder(
                    folder.resolve("pki"), new InetSocketAddress("127.0.0.1", port), "127.0.0.1")
                .flags(ServerFlags.of(Map.of("anonymous-auth", "true")))
                .build(),
            store);
    server.server().awaitReady();
    KeyMaterial admin =
        server.pki().authority().issue(ClusterIdentities.admin(), Instant.now()).keyMaterial();
    try (HttpClient client = client(admin)) {
      requests = walk(client);
      for (String kind : List.of("Secret", "ConfigMap")) {
        String field = kind.equals("Secret") ? "stringData" : "data";
        send(
            client,
            "",
            "POST",
            "/api/v1/namespaces/default/" + kind.toLowerCase(java.util.Locale.ROOT) + "s",
            "{\"apiVersion\":\"v1\",\"kind\":\"%s\",\"metadata\":{\"name\":\"x\"},\"%s\":{\"k\":\"%s\"}}"
                .formatted(kind, field, MARK));
      }
      send(
          client,
          "",
          "POST",
          "/api/v1/namespaces/default/serviceaccounts",
          "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"nobody\"}}");
      Answer made =
          send(
              client,
              "",
              "POST",
              "/api/v1/namespaces/default/serviceaccounts/nobody/token",
              "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":{}}");
      token = Trees.stringOr(Json.parseObject(made.body), "", "status", "token");
    }
  }

  @AfterAll
  static void stop() {
    server.close();
    store.close();
  }

  private static HttpClient client(@Nullable KeyMaterial key) {
    ClientTls tls = ClientTls.trusting(List.of(server.pki().authority().certificate()));
    return HttpClient.builder().tls(key == null ? tls : tls.withKey(key)).build();
  }

  private record Answer(int status, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private static Answer send(
      HttpClient client, String bearer, String method, String path, String body) {
    boolean patch = method.equals("PATCH");
    HttpHeaders headers =
        HttpHeaders.of("Content-Type", patch ? "application/merge-patch+json" : "application/json");
    if (!bearer.isEmpty()) {
      headers.set("Authorization", "Bearer " + bearer);
    }
    URI uri = URI.create("https://127.0.0.1:" + server.server().address().getPort() + path);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (HttpClientResponse response = client.send(HttpRequest.of(method, uri, headers, bytes))) {
      return new Answer(response.status(), response.bytes());
    }
  }

  /** A request for each verb of everything that discovery names: method and path. */
  private static List<String> walk(HttpClient admin) {
    List<String> all = new ArrayList<>();
    List<String> versions = new ArrayList<>(List.of("/api/v1"));
    Map<String, Object> groups = Json.parseObject(send(admin, "", "GET", "/apis", "").body());
    for (Map<String, Object> group : Trees.maps(groups, "groups")) {
      for (Map<String, Object> version : Trees.maps(group, "versions")) {
        versions.add("/apis/" + Trees.stringOr(version, "", "groupVersion"));
      }
    }
    for (String root : versions) {
      Map<String, Object> list = Json.parseObject(send(admin, "", "GET", root, "").body());
      for (Map<String, Object> resource : Trees.maps(list, "resources")) {
        addRequests(all, root, resource);
      }
    }
    return all;
  }

  private static void addRequests(List<String> all, String root, Map<String, Object> resource) {
    String[] name = Trees.stringOr(resource, "", "name").split("/");
    boolean namespaced = Trees.bool(resource, "namespaced");
    String collection = (namespaced ? root + "/namespaces/default/" : root + "/") + name[0];
    if (name.length > 1) {
      String path = collection + "/x/" + name[1];
      for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
        all.add(method + " " + path);
        all.add(method + " " + path + "/below");
      }
      return;
    }
    all.add("GET " + collection);
    all.add("GET " + collection + "?watch=true");
    all.add("GET " + collection + "?fieldSelector=metadata.name%3Dx");
    all.add("DELETE " + collection);
    all.add("POST " + collection);
    all.add("POST " + collection + "?dryRun=All");
    if (namespaced) {
      all.add("GET " + root + "/" + name[0]);
      all.add("GET " + root + "/watch/" + name[0]);
    }
    for (String method : List.of("GET", "PUT", "PATCH", "DELETE")) {
      all.add(method + " " + collection + "/x");
    }
  }

  /** Paths that mean something else to a careless reader. */
  private static List<String> tricks() {
    String secrets = "/api/v1/namespaces/default/secrets";
    return List.of(
        "GET /" + secrets,
        "GET " + secrets + "/",
        "GET " + secrets + "/x/",
        "GET /api/v1//namespaces/default/secrets/x",
        "GET /api/v1/namespaces/default/%73ecrets/x",
        "GET /api/v1/namespaces/default/secrets%2Fx",
        "GET /api/v1/namespaces/default/configmaps/..%2Fsecrets%2Fx",
        "GET /api/v1/namespaces/default/pods/x/%2e%2e/secrets/x",
        "GET /API/v1/namespaces/default/secrets/x",
        "HEAD " + secrets + "/x",
        "GET /api/v1/watch/namespaces/default/secrets/x",
        "GET /api/v1/proxy/namespaces/default/secrets/x",
        "OPTIONS " + secrets + "/x",
        "GET /healthz/../api/v1/secrets",
        "GET /version/../api/v1/secrets",
        "GET /openapi/v3/../../api/v1/secrets");
  }

  private static final List<String> OTHER_PATHS =
      List.of(
          "GET /metrics",
          "GET /metrics/targets",
          "GET /logs",
          "GET /debug/api_priority_and_fairness/dump_requests",
          "GET /debug/pprof/",
          "GET /configz",
          "GET /statusz",
          "POST /healthz",
          "DELETE /version");

  private static void seesNothing(@Nullable KeyMaterial key, String bearer, Set<String> allowed) {
    long before = store.count("/registry/core/namespaces/", "/registry/core/namespaces0");
    Set<String> passed = new TreeSet<>();
    List<String> all = new ArrayList<>(requests);
    all.addAll(tricks());
    all.addAll(OTHER_PATHS);
    try (HttpClient client = client(key)) {
      for (String request : all) {
        String[] parts = request.split(" ", 2);
        boolean empty = parts[0].equals("GET") || parts[0].equals("HEAD");
        Answer answer = send(client, bearer, parts[0], parts[1], empty ? "" : "{}");
        assertThat(answer.text()).as(request).doesNotContain(MARK);
        if (answer.status() != 401 && answer.status() != 403 && answer.status() != 404) {
          passed.add(
              request.replace("?dryRun=All", "")
                  + (allowed.isEmpty() ? " " + answer.status() : ""));
        }
      }
    }
    assertThat(passed).isEqualTo(new TreeSet<>(allowed));
    assertThat(requests).hasSizeGreaterThan(700);
    assertThat(store.count("/registry/core/namespaces/", "/registry/core/namespaces0"))
        .isEqualTo(before);
  }

  @Test
  void aUserWithoutRightsSeesAndChangesNothing() {
    KeyMaterial stranger =
        server
            .pki()
            .authority()
            .issue(CertificateProfile.client("stranger"), Instant.now())
            .keyMaterial();

    seesNothing(stranger, "", EVERYBODY);
  }

  @Test
  void aServiceAccountWithoutRolesSeesAndChangesNothing() {
    assertThat(token).isNotEmpty();
    seesNothing(null, token, EVERYBODY);
  }

  @Test
  void nobodyInParticularSeesAndChangesNothing() {
    seesNothing(null, "", Set.of());
  }
}
