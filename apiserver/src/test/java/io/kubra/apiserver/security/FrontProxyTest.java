package io.kubra.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.pki.CertificateProfile;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.IssuedCertificate;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.tls.ClientTls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontProxyTest {
  @TempDir static Path folder;
  private static SecuredServer server;

  @BeforeAll
  static void start() throws InterruptedException {
    server = new SecuredServer(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aFrontProxyIsBelievedWhoTheUserIs() {
    IssuedCertificate proxy =
        server.pki().frontProxyCertificate("proxy", ClusterIdentities.frontProxyClient());
    Map<String, Object> who = who(proxy);
    assertThat(who).containsEntry("username", "ann").containsEntry("uid", "7");
    assertThat(Trees.strings(who, "groups")).contains("dev", "ops", "system:authenticated");
    assertThat(Trees.get(who, "extra", "a/b")).isEqualTo(List.of("c"));
  }

  @Test
  void nobodyElseIsBelieved() {
    IssuedCertificate user =
        server.pki().certificate("user", CertificateProfile.client("bob", "users"));
    assertThat(who(user)).containsEntry("username", "bob");
    IssuedCertificate stranger =
        server.pki().frontProxyCertificate("stranger", CertificateProfile.client("stranger"));
    assertThat(who(stranger)).isEmpty();
    IssuedCertificate named =
        server.pki().certificate("named", CertificateProfile.client("front-proxy-client"));
    assertThat(who(named)).containsEntry("username", "front-proxy-client");
  }

  /** Who the server takes the sender for; nothing if for nobody. */
  private static Map<String, Object> who(IssuedCertificate certificate) {
    ClientTls tls =
        ClientTls.trusting(List.of(server.pki().authority().certificate()))
            .withKey(certificate.keyMaterial());
    try (HttpClient client = HttpClient.builder().tls(tls).build()) {
      HttpHeaders headers =
          HttpHeaders.of(
              "Content-Type", "application/json", "X-Remote-User", "ann", "X-Remote-Uid", "7");
      headers.add("X-Remote-Group", "dev").add("X-Remote-Group", "ops");
      headers.add("X-Remote-Extra-A%2fb", "c");
      String ask = "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}";
      HttpRequest request =
          HttpRequest.of(
              "POST",
              server.uri().resolve("/apis/authentication.k8s.io/v1/selfsubjectreviews"),
              headers,
              ask.getBytes(StandardCharsets.UTF_8));
      try (HttpClientResponse response = client.send(request)) {
        Map<String, Object> answer = Json.parseObject(response.bytes());
        Map<String, Object> user = Trees.map(answer, "status", "userInfo");
        return response.status() == 201 && user != null ? user : Map.of();
      }
    }
  }
}
