package io.kubra.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.jwt.TestingIssuer;
import io.kubra.apiserver.pki.CertificateProfile;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.Credentials;
import io.kubra.apiserver.standard.ServerFlags;
import io.kubra.apiserver.standard.StandardApiServer;
import io.kubra.apiserver.standard.StandardConfig;
import io.kubra.store.Store;
import io.kubra.store.embedded.EmbeddedStore;
import io.kubra.transport.http.BodyTooLargeException;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.HttpServer;
import io.kubra.transport.tls.ClientTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server on the network, seen by those who are known elsewhere. */
class ExternalAccessTest {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String WHOAMI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

  @TempDir Path folder;
  private final Map<String, String> flags = new HashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private @Nullable StandardApiServer server;

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start() throws InterruptedException {
    Store store = EmbeddedStore.inMemory();
    open.add(store);
    StandardApiServer started =
        StandardApiServer.start(
            StandardConfig.builder(
                    folder.resolve("pki"),
                    new InetSocketAddress("127.0.0.1", freePort()),
                    "127.0.0.1")
                .metricsApi(false)
                .flags(ServerFlags.of(flags))
                .build(),
            store);
    open.add(started);
    started.server().awaitReady();
    server = started;
  }

  private StandardApiServer server() {
    return java.util.Objects.requireNonNull(server);
  }

  private void file(String flag, String text) throws IOException {
    Path file = folder.resolve(flag + ".yaml");
    Files.writeString(file, text);
    flags.put(flag, file.toString());
  }

  private record Answer(int status, Map<String, Object> tree) {}

  private Answer send(
      @Nullable Credentials certificate,
      HttpHeaders headers,
      String method,
      String path,
      @Nullable Object body) {
    ClientTls tls = ClientTls.trusting(List.of(server().pki().authority().certificate()));
    headers.set("Content-Type", "application/json");
    URI uri = URI.create("https://127.0.0.1:" + server().server().address().getPort() + path);
    try (HttpClient client =
            HttpClient.builder()
                .tls(certificate == null ? tls : tls.withKey(certificate.keyMaterial()))
                .build();
        HttpClientResponse response =
            client.send(
                HttpRequest.of(
                    method, uri, headers, body == null ? new byte[0] : Json.write(body)))) {
      byte[] bytes = response.bytes();
      boolean json = bytes.length > 0 && bytes[0] == '{';
      return new Answer(response.status(), json ? Json.parseObject(bytes) : Map.of());
    }
  }

  private Answer get(String path) {
    return send(null, new HttpHeaders(), "GET", path, null);
  }

  private Answer withToken(String token, String method, String path, @Nullable Object body) {
    return send(null, HttpHeaders.of("Authorization", "Bearer " + token), method, path, body);
  }

  private static Map<String, Object> review() {
    return SecuredServer.json(
        "{'apiVersion':'authentication.k8s.io/v1','kind':'SelfSubjectReview'}");
  }

  private static @Nullable Object userOf(Answer answer) {
    return Trees.get(answer.tree(), "status", "userInfo", "username");
  }

  /** A service that answers reviews; what it was asked is remembered. */
  private List<Map<String, Object>> service(String flag, UnaryOperator<Map<String, Object>> answer)
      throws IOException {
    List<Map<String, Object>> asked = new CopyOnWriteArrayList<>();
    HttpServer http =
        HttpServer.builder()
            .handler(
                x -> {
                  try {
                    Map<String, Object> review = Json.parseObject(x.readBody(1 << 20));
                    asked.add(review);
                    x.respond(
                        200,
                        HttpHeaders.of("Content-Type", "application/json"),
                        Json.write(answer.apply(review)));
                  } catch (BodyTooLargeException e) {
                    x.respond(413, new HttpHeaders());
                  } catch (IllegalStateException broken) {
                    x.respond(500, new HttpHeaders());
                  }
                })
            .start();
    open.add(http);
    file(
        flag,
        "clusters: [{name: s, cluster: {server: 'http://127.0.0.1:%d/'}}]".formatted(http.port()));
    return asked;
  }

  @Test
  void withoutAConfigurationOnlyHealthAndVersionAreOpen() throws Exception {
    start();

    assertThat(get("/healthz").status()).isEqualTo(200);
    assertThat(get("/version").status()).isEqualTo(200);
    assertThat(get(MAPS).status()).isEqualTo(401);
    assertThat(get("/metrics").status()).isEqualTo(401);
  }

  @Test
  void anonymousRequestsAreAllowedWhereTheConfigurationSaysSo() throws Exception {
    file(
        "authentication-config",
        """
        apiVersion: apiserver.config.k8s.io/v1
        kind: AuthenticationConfiguration
        anonymous:
          enabled: true
          conditions:
          - path: /livez
          - path: /metrics
        """);
    start();

    assertThat(get("/livez").status()).isEqualTo(200);
    assertThat(get("/livez/ping").status()).as("paths are taken exactly").isEqualTo(401);
    assertThat(get("/readyz").status()).isEqualTo(401);
    Answer metrics = get("/metrics");
    assertThat(metrics.status()).isEqualTo(403);
    assertThat(metrics.tree().get("message"))
        .isEqualTo("forbidden: User \"system:anonymous\" cannot get path \"/metrics\"");
  }

  @Test
  void anonymousAuthTrueLeavesItAllToAuthorisation() throws Exception {
    flags.put("anonymous-auth", "true");
    start();

    assertThat(get(MAPS).status()).isEqualTo(403);
    assertThat(withToken("wrong", "GET", MAPS, null).status()).isEqualTo(401);
  }

  @Test
  void tokensOfAnIssuerAreUsersOfTheCluster() throws Exception {
    TestingIssuer issuer = new TestingIssuer(folder.resolve("issuer"));
    open.add(issuer);
    file(
        "authentication-config",
        """
        apiVersion: apiserver.config.k8s.io/v1
        kind: AuthenticationConfiguration
        jwt:
        - issuer: {url: %s, audiences: [kubra], certificateAuthority: %s}
          claimMappings:
            username: {claim: sub, prefix: "oidc:"}
            groups: {claim: groups, prefix: ""}
        """
            .formatted(issuer.url(), Json.toString(issuer.authority())));
    start();
    String token = issuer.token(Map.of("groups", List.of("dev")));

    Answer me = withToken(token, "POST", WHOAMI, review());

    assertThat(userOf(me)).isEqualTo("oidc:jane");
    assertThat(Trees.strings(me.tree(), "status", "userInfo", "groups"))
        .containsExactly("dev", "system:authenticated");
    assertThat(withToken(token, "GET", MAPS, null).status()).isEqualTo(403);
    assertThat(withToken(token + "x", "GET", MAPS, null).status()).isEqualTo(401);
  }

  @Test
  void aServiceThatKnowsTokensIsAskedOnceForEach() throws Exception {
    List<Map<String, Object>> asked =
        service(
            "authentication-token-webhook-config-file",
            review ->
                SecuredServer.json(
                    "good".equals(Trees.string(review, "spec", "token"))
                        ? "{'apiVersion':'authentication.k8s.io/v1','kind':'TokenReview','status':{'authenticated':true,'user':{'username':'from-outside','groups':['g']}}}"
                        : "{'status':{'authenticated':false}}"));
    start();

    for (int i = 0; i < 3; i++) {
      assertThat(userOf(withToken("good", "POST", WHOAMI, review()))).isEqualTo("from-outside");
      assertThat(withToken("bad", "GET", MAPS, null).status()).isEqualTo(401);
    }

    assertThat(asked).hasSize(2);
    assertThat(asked.getFirst()).containsEntry("kind", "TokenReview");
  }

  @Test
  void theFrontProxyNamesUsersAndNobodyElseDoes() throws Exception {
    start();
    HttpHeaders headers =
        HttpHeaders.of("X-Remote-User", "jane").add("X-Remote-Group", "system:masters");
    var authority = server().pki().frontProxyAuthority();
    Credentials proxy = authority.issue(ClusterIdentities.frontProxyClient(), Instant.now());
    Credentials other = authority.issue(CertificateProfile.client("somebody"), Instant.now());
    Credentials user =
        server().pki().authority().issue(CertificateProfile.client("user"), Instant.now());

    assertThat(userOf(send(proxy, headers.copy(), "POST", WHOAMI, review()))).isEqualTo("jane");
    assertThat(send(proxy, headers.copy(), "GET", MAPS, null).status()).isEqualTo(200);
    assertThat(send(proxy, new HttpHeaders(), "GET", MAPS, null).status()).isEqualTo(401);
    assertThat(send(other, headers.copy(), "GET", MAPS, null).status()).isEqualTo(401);
    assertThat(userOf(send(user, headers.copy(), "POST", WHOAMI, review()))).isEqualTo("user");
    assertThat(send(null, headers.copy(), "GET", MAPS, null).status()).isEqualTo(401);
  }

  private void authorizer(String failurePolicy, String conditions) throws IOException {
    String kubeconfig = flags.remove("webhook");
    file(
        "authorization-config",
        """
        apiVersion: apiserver.config.k8s.io/v1
        kind: AuthorizationConfiguration
        authorizers:
        - type: Webhook
          name: outside
          webhook:
            timeout: 3s
            subjectAccessReviewVersion: v1
            matchConditionSubjectAccessReviewVersion: v1
            failurePolicy: %s
            connectionInfo: {type: KubeConfigFile, kubeConfigFile: %s}
            matchConditions: [%s]
        - {type: Node, name: node}
        - {type: RBAC, name: rbac}
        """
            .formatted(failurePolicy, kubeconfig, conditions));
  }

  private Credentials user(String name) {
    return server().pki().authority().issue(CertificateProfile.client(name), Instant.now());
  }

  private int status(String user, String path) {
    return send(user(user), new HttpHeaders(), "GET", path, null).status();
  }

  @Test
  void anotherServiceMayAllowAndDeny() throws Exception {
    List<Map<String, Object>> asked =
        service(
            "webhook",
            review ->
                switch (Trees.stringOr(review, "", "spec", "user")) {
                  case "friend" -> SecuredServer.json("{'status':{'allowed':true}}");
                  case "foe" ->
                      SecuredServer.json(
                          "{'status':{'allowed':false,'denied':true,'reason':'not today'}}");
                  default -> SecuredServer.json("{'status':{'allowed':false}}");
                });
    authorizer(
        "Deny",
        "{expression: 'has(request.resourceAttributes)'},"
            + " {expression: \"request.resourceAttributes.namespace == 'default'\"}");
    start();

    assertThat(status("friend", MAPS)).isEqualTo(200);
    assertThat(status("friend", "/api/v1/namespaces/kube-system/configmaps"))
        .as("the condition does not hold: roles decide")
        .isEqualTo(403);
    Answer denied = send(user("foe"), new HttpHeaders(), "GET", MAPS, null);
    assertThat(denied.status()).isEqualTo(403);
    assertThat(String.valueOf(denied.tree().get("message"))).endsWith(": not today");
    assertThat(status("stranger", MAPS)).isEqualTo(403);
    Credentials friend = user("friend");
    send(friend, new HttpHeaders(), "GET", MAPS, null);
    int before = asked.size();
    assertThat(send(friend, new HttpHeaders(), "GET", MAPS, null).status()).isEqualTo(200);
    assertThat(asked).as("the answer is remembered").hasSize(before);
    Credentials admin = server().pki().authority().issue(ClusterIdentities.admin(), Instant.now());
    assertThat(send(admin, new HttpHeaders(), "GET", MAPS, null).status()).isEqualTo(200);
  }

  @Test
  void answersAboutVeryLongPathsAreNotRemembered() throws Exception {
    List<Map<String, Object>> asked =
        service("webhook", review -> SecuredServer.json("{'status':{'allowed':true}}"));
    authorizer("Deny", "");
    start();
    Credentials friend = user("friend");
    String path = "/healthz/" + "a".repeat(10_000);

    send(friend, new HttpHeaders(), "GET", path, null);
    send(friend, new HttpHeaders(), "GET", path, null);

    assertThat(asked)
        .filteredOn(
            review ->
                path.equals(Trees.stringOr(review, "", "spec", "nonResourceAttributes", "path")))
        .hasSize(2);
  }

  @Test
  void aServiceThatFailsDeniesOrHasNoOpinion() throws Exception {
    UnaryOperator<Map<String, Object>> broken =
        review -> {
          throw new IllegalStateException("broken");
        };
    service("webhook", broken);
    authorizer("Deny", "");
    start();
    assertThat(status("system:kube-scheduler", "/api/v1/pods")).isEqualTo(403);
    open.removeLast().close();
    service("webhook", broken);
    authorizer("NoOpinion", "");
    start();
    assertThat(status("system:kube-scheduler", "/api/v1/pods")).isEqualTo(200);
  }

  @Test
  void wrongFilesKeepTheServerFromStarting() throws Exception {
    file(
        "authorization-config",
        "kind: AuthorizationConfiguration\napiVersion: apiserver.config.k8s.io/v1\nauthorizers: [{type: Magic, name: m}]\n");

    assertThatThrownBy(this::start)
        .hasMessageContaining("authorizers[0].type: Unsupported value: \"Magic\"");
  }
}
