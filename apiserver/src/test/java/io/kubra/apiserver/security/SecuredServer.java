package io.kubra.apiserver.security;

import io.kubra.api.json.Json;
import io.kubra.apiserver.ApiServer;
import io.kubra.apiserver.SecuritySetup;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.rules.BuiltinRules;
import io.kubra.store.Store;
import io.kubra.store.embedded.EmbeddedStore;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.local.LocalTransport;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server in memory with everything that guards it. */
final class SecuredServer implements AutoCloseable {
  static final UserInfo ADMIN = UserInfo.of("admin", UserInfo.MASTERS);
  static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  private final Store store = EmbeddedStore.inMemory();
  private final ClusterPki pki;
  private final SecuritySetup security;
  private final ApiServer server;
  private final LocalTransport transport;

  SecuredServer(Path folder) throws InterruptedException {
    pki = ClusterPki.open(folder);
    security =
        new SecuritySetup(pki, ISSUER, "https://127.0.0.1:6443", Clock.systemUTC())
            .staticToken("static-secret", UserInfo.of("static", "team"));
    server =
        security
            .applyTo(ApiServer.builder(store).rules(BuiltinRules.registry()))
            .bind(
                new InetSocketAddress("127.0.0.1", 0),
                SecuritySetup.serverTls(
                    pki, ClusterIdentities.apiServer("cluster.local", List.of(), List.of())))
            .build();
    server.start();
    server.awaitReady();
    transport = new LocalTransport(server.handler());
  }

  record Answer(int status, Map<String, Object> tree) {
    String message() {
      return String.valueOf(tree.get("message"));
    }
  }

  ClusterPki pki() {
    return pki;
  }

  /** The server's address on the network. */
  URI uri() {
    return URI.create("https://127.0.0.1:" + server.address().getPort());
  }

  ObjectAccess objects() {
    return server.objects();
  }

  Answer as(UserInfo user, String method, String path, @Nullable Object body) {
    HttpHeaders headers = new HttpHeaders();
    return send(request(method, path, headers, body).withAttribute(UserInfo.class, user));
  }

  Answer admin(String method, String path, @Nullable Object body) {
    return as(ADMIN, method, path, body);
  }

  Answer with(HttpHeaders headers, String method, String path, @Nullable Object body) {
    return send(request(method, path, headers, body));
  }

  private static HttpRequest request(
      String method, String path, HttpHeaders headers, @Nullable Object body) {
    headers.set("Content-Type", "application/json");
    return HttpRequest.of(
        method, URI.create(path), headers, body == null ? new byte[0] : Json.write(body));
  }

  private Answer send(HttpRequest request) {
    try (HttpClientResponse response = transport.send(request)) {
      byte[] body = response.bytes();
      boolean json = body.length > 0 && body[0] == '{';
      return new Answer(response.status(), json ? Json.parseObject(body) : Map.of());
    }
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> json(String text) {
    return (Map<String, Object>)
        java.util.Objects.requireNonNull(Json.parse(text.replace('\'', '"')));
  }

  @Override
  public void close() {
    security.close();
    server.close();
    store.close();
    pki.close();
  }
}
