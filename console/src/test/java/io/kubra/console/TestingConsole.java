package io.kubra.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Json;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.SecuritySetup;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.discovery.DiscoveryEndpoint;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.local.LocalTransport;
import io.kubra.transport.tls.ClientTls;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The console of an API server in memory, and a browser without a window. */
final class TestingConsole implements AutoCloseable {
  private final ClusterPki pki;
  private final SecuritySetup security;
  private final TestingApiServer server;
  private final ApiClient admin;
  private final Console console;
  private final HttpClient http = HttpClient.builder().tls(ClientTls.insecure()).build();

  private TestingConsole(Path folder) {
    pki = ClusterPki.open(folder.resolve("pki"));
    security = new SecuritySetup(pki, "https://test", "https://127.0.0.1", Clock.systemUTC());
    server =
        TestingApiServer.start(
            b -> security.applyTo(b).endpoint(o -> new DiscoveryEndpoint(Catalogue.builtin())));
    LocalTransport local = server.transport();
    admin =
        ApiClient.local(
            local, UserInfo.class, UserInfo.of("admin", UserInfo.MASTERS), "kubra-console-test");
    console =
        Console.start(
            new ConsoleConfig(new InetSocketAddress("127.0.0.1", 0), "test"),
            SecuritySetup.serverTls(
                pki, ClusterIdentities.apiServer("cluster.local", List.of(), List.of("127.0.0.1"))),
            local);
  }

  static TestingConsole start(Path folder) {
    return new TestingConsole(folder);
  }

  String address() {
    return "https://127.0.0.1:" + console.address().getPort();
  }

  byte[] create(String path, String json) {
    return admin.call(
        ApiRequest.of("POST", path, "application/json", json.getBytes(StandardCharsets.UTF_8)));
  }

  /** A service account that has a cluster role, or none. */
  void account(String name, @Nullable String role) {
    create(
        "/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"" + name + "\"}}");
    if (role != null) {
      create(
          "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
          ("{'metadata':{'name':'console-%1$s'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io',"
                  + "'kind':'ClusterRole','name':'%2$s'},"
                  + "'subjects':[{'kind':'ServiceAccount','namespace':'default','name':'%1$s'}]}")
              .formatted(name, role)
              .replace('\'', '"'));
    }
  }

  String token(String account) {
    byte[] answer =
        create(
            "/api/v1/namespaces/default/serviceaccounts/" + account + "/token",
            "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":{}}");
    return Trees.stringOr(Json.parse(answer), "", "status", "token");
  }

  HttpClientResponse get(String path, String cookie) {
    return http.send(HttpRequest.of("GET", URI.create(address() + path), headers(cookie)));
  }

  HttpClientResponse post(String path, String cookie, String form) {
    HttpHeaders headers = headers(cookie).set("Content-Type", "application/x-www-form-urlencoded");
    return http.send(
        HttpRequest.of(
            "POST", URI.create(address() + path), headers, form.getBytes(StandardCharsets.UTF_8)));
  }

  HttpClientResponse postLogin(String token) {
    return post("/login", "", "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
  }

  /** Logs in and returns the session's cookie. */
  String login(String token) {
    try (HttpClientResponse answer = postLogin(token)) {
      assertThat(answer.status()).isEqualTo(303);
      String cookie = Objects.requireNonNull(answer.headers().get("Set-Cookie"));
      assertThat(cookie).contains("Secure", "HttpOnly", "SameSite=Strict");
      return cookie.substring(0, cookie.indexOf(';'));
    }
  }

  /** The text of a page that must come with a status. */
  String text(String path, String cookie, int status) {
    try (HttpClientResponse answer = get(path, cookie)) {
      String text = new String(answer.bytes(), StandardCharsets.UTF_8);
      assertThat(answer.status()).as(text).isEqualTo(status);
      return text;
    }
  }

  private static HttpHeaders headers(String cookie) {
    return cookie.isEmpty() ? new HttpHeaders() : HttpHeaders.of("Cookie", cookie);
  }

  @Override
  public void close() {
    http.close();
    console.close();
    server.close();
    security.close();
    pki.close();
  }
}
