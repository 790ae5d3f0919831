package io.kubra.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.transport.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticationTest {
  private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  private static final Map<String, Object> ASK =
      SecuredServer.json("{'apiVersion':'authentication.k8s.io/v1','kind':'SelfSubjectReview'}");

  @TempDir static Path folder;
  private static SecuredServer server;

  @BeforeAll
  static void start() throws InterruptedException {
    server = new SecuredServer(folder);
    server.admin(
        "POST",
        "/api/v1/namespaces/default/serviceaccounts",
        SecuredServer.json(
            "{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'bot'}}"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpHeaders bearer(String token) {
    return HttpHeaders.of("Authorization", "Bearer " + token);
  }

  @Test
  void aRequestWithoutCredentialsIsRefused() {
    var answer = server.with(new HttpHeaders(), "GET", "/api/v1/pods", null);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.tree())
        .containsEntry("message", "Unauthorized")
        .containsEntry("reason", "Unauthorized")
        .containsEntry("code", 401L);
  }

  @Test
  void anybodyMayProbeHealthAndVersion() {
    for (String path : new String[] {"/livez", "/readyz", "/healthz", "/version"}) {
      assertThat(server.with(new HttpHeaders(), "GET", path, null).status())
          .as(path)
          .isEqualTo(200);
    }
  }

  @Test
  void aWrongTokenIsRefusedEvenOnOpenPaths() {
    assertThat(server.with(bearer("nonsense"), "GET", "/version", null).status()).isEqualTo(401);
  }

  @Test
  void aStaticTokenIsItsUser() {
    var answer = server.with(bearer("static-secret"), "POST", WHO, ASK);
    assertThat(answer.status()).isEqualTo(201);
    assertThat(Trees.string(answer.tree(), "status", "userInfo", "username")).isEqualTo("static");
    assertThat(Trees.strings(answer.tree(), "status", "userInfo", "groups"))
        .containsExactly("team", "system:authenticated");
  }

  private static SecuredServer.Answer requestToken(String spec) {
    return server.admin(
        "POST",
        "/api/v1/namespaces/default/serviceaccounts/bot/token",
        SecuredServer.json(
            "{'apiVersion':'authentication.k8s.io/v1','kind':'TokenRequest','spec':{"
                + spec
                + "}}"));
  }

  @Test
  void aRequestedTokenIsTheAccount() {
    var issued = requestToken("'expirationSeconds':600");
    assertThat(issued.status()).as(issued.message()).isEqualTo(201);
    String token = Trees.stringOr(issued.tree(), "", "status", "token");
    var answer = server.with(bearer(token), "POST", WHO, ASK);
    assertThat(Trees.string(answer.tree(), "status", "userInfo", "username"))
        .isEqualTo("system:serviceaccount:default:bot");
    assertThat(Trees.strings(answer.tree(), "status", "userInfo", "groups"))
        .containsExactly(
            "system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated");
  }

  @Test
  void aTokenForSomebodyElseIsNotAccepted() {
    var issued = requestToken("'audiences':['vault']");
    String token = Trees.stringOr(issued.tree(), "", "status", "token");
    assertThat(server.with(bearer(token), "POST", WHO, ASK).status()).isEqualTo(401);
    var review =
        server.admin(
            "POST",
            "/apis/authentication.k8s.io/v1/tokenreviews",
            Map.of(
                "apiVersion",
                "authentication.k8s.io/v1",
                "kind",
                "TokenReview",
                "spec",
                Map.of("token", token, "audiences", java.util.List.of("vault", "other"))));
    assertThat(Trees.bool(review.tree(), "status", "authenticated")).isTrue();
    assertThat(Trees.strings(review.tree(), "status", "audiences")).containsExactly("vault");
  }

  @Test
  void aTamperedTokenIsNotAccepted() {
    String token = Trees.stringOr(requestToken("").tree(), "", "status", "token");
    String[] parts = token.split("\\.");
    String claims =
        new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
            .replace("default:bot", "kube-system:admin");
    String forged =
        parts[0]
            + "."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
            + "."
            + parts[2];
    assertThat(server.with(bearer(forged), "POST", WHO, ASK).status()).isEqualTo(401);
    String none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(server.with(bearer(none + "." + parts[1] + "."), "POST", WHO, ASK).status())
        .isEqualTo(401);
  }

  @Test
  void aTokenDiesWithItsAccount() {
    server.admin(
        "POST",
        "/api/v1/namespaces/default/serviceaccounts",
        SecuredServer.json(
            "{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'gone'}}"));
    var issued =
        server.admin(
            "POST",
            "/api/v1/namespaces/default/serviceaccounts/gone/token",
            SecuredServer.json(
                "{'apiVersion':'authentication.k8s.io/v1','kind':'TokenRequest','spec':{}}"));
    String token = Trees.stringOr(issued.tree(), "", "status", "token");
    server.admin("DELETE", "/api/v1/namespaces/default/serviceaccounts/gone", null);
    assertThat(server.with(bearer(token), "POST", WHO, ASK).status()).isEqualTo(401);
  }

  @Test
  void aTokenLivesTenMinutesAtLeast() {
    var answer = requestToken("'expirationSeconds':599");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.message()).contains("may not specify a duration less than 10 minutes");
  }

  @Test
  void aJoinTokenIsABootstrapper() {
    server.admin(
        "POST",
        "/api/v1/namespaces/kube-system/secrets",
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Secret",
            "type",
            "bootstrap.kubernetes.io/token",
            "metadata",
            Map.of("name", "bootstrap-token-abcdef"),
            "data",
            Map.of(
                "token-id", base64("abcdef"),
                "token-secret", base64("0123456789abcdef"),
                "usage-bootstrap-authentication", base64("true"),
                "auth-extra-groups", base64("system:bootstrappers:edge"))));
    var answer = server.with(bearer("abcdef.0123456789abcdef"), "POST", WHO, ASK);
    assertThat(answer.status()).isEqualTo(201);
    assertThat(Trees.strings(answer.tree(), "status", "userInfo", "groups"))
        .contains("system:bootstrappers", "system:bootstrappers:edge");
    assertThat(server.with(bearer("abcdef.0123456789abcdee"), "POST", WHO, ASK).status())
        .isEqualTo(401);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whoMayImpersonateActsAsTheOther() {
    HttpHeaders headers = bearer("static-secret").add("Impersonate-User", "alice");
    var refused = server.with(headers, "POST", WHO, ASK);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "users \"alice\" is forbidden: User \"static\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope");
    var admin = UserInfo.of("root", UserInfo.MASTERS);
    assertThat(server.as(admin, "POST", WHO, ASK).status()).isEqualTo(201);
  }

  @Test
  void keysAndIssuerArePublished() {
    var configuration = server.admin("GET", "/.well-known/openid-configuration", null);
    assertThat(configuration.tree()).containsEntry("issuer", SecuredServer.ISSUER);
    var keys = server.admin("GET", "/openid/v1/jwks", null);
    assertThat(Trees.maps(keys.tree(), "keys")).hasSize(1);
  }
}
