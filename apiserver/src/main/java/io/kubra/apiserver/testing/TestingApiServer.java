package io.kubra.apiserver.testing;

import io.kubra.api.json.Json;
import io.kubra.apiserver.ApiServer;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.GroupRegistry;
import io.kubra.apiserver.rules.BuiltinRules;
import io.kubra.store.Store;
import io.kubra.store.embedded.EmbeddedStore;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHandler;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.local.LocalTransport;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An API server in memory, with the rules of all kinds, in which everyone may do everything. It is
 * ready when {@link #start} returns.
 */
public final class TestingApiServer implements AutoCloseable {
  private static final UserInfo ADMIN =
      UserInfo.of("kubernetes-admin", UserInfo.MASTERS, "system:authenticated");

  private final Store store;
  private final ApiServer server;
  private final LocalTransport transport;

  private TestingApiServer(Store store, ApiServer server) {
    this.store = store;
    this.server = server;
    this.transport = new LocalTransport(server.handler());
  }

  /** Starts a server. */
  public static TestingApiServer start() {
    return start(b -> b);
  }

  /** Starts a server that is configured further, for example with admission or RBAC. */
  public static TestingApiServer start(UnaryOperator<ApiServer.Builder> configure) {
    Store store = EmbeddedStore.inMemory();
    ApiServer.Builder builder =
        ApiServer.builder(store)
            .rules(BuiltinRules.registry())
            .authenticator(
                o ->
                    x -> {
                      UserInfo user = x.attribute(UserInfo.class);
                      return Optional.of(user == null ? ADMIN : user);
                    });
    ApiServer server = configure.apply(builder).build();
    server.start();
    try {
      server.awaitReady();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the server started", e);
    }
    return new TestingApiServer(store, server);
  }

  /** Serves requests; requests without a {@link UserInfo} attribute are the administrator's. */
  public HttpHandler handler() {
    return server.handler();
  }

  /** Sends requests to the server inside the process. */
  public LocalTransport transport() {
    return transport;
  }

  /** The server's own access to its objects. */
  public ObjectAccess objects() {
    return server.objects();
  }

  /** Where group versions are registered that others serve. */
  public GroupRegistry groups() {
    return server.groups();
  }

  /** The store behind the server. */
  public Store store() {
    return store;
  }

  /** Where the server listens, if it was configured to. */
  public InetSocketAddress address() {
    return server.address();
  }

  /** A response that has been read completely. */
  public record Response(int status, HttpHeaders headers, byte[] body) {
    /** The body as an object. */
    public Map<String, Object> tree() {
      return Json.parseObject(body);
    }

    /** The body as text. */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** Sends a request with JSON and reads the response. */
  public Response send(String method, String path, @Nullable Object body) {
    return send(method, path, "application/json", body == null ? new byte[0] : Json.write(body));
  }

  /** Sends a request with any body and reads the response. */
  public Response send(String method, String path, String contentType, byte[] body) {
    return send(method, path, HttpHeaders.of("Content-Type", contentType), body);
  }

  /** Sends a request with any headers and body and reads the response. */
  public Response send(String method, String path, HttpHeaders headers, byte[] body) {
    try (HttpClientResponse r =
        transport.send(HttpRequest.of(method, URI.create(path), headers, body))) {
      return new Response(r.status(), r.headers(), r.bytes());
    }
  }

  @Override
  public void close() {
    server.close();
    store.close();
  }
}
