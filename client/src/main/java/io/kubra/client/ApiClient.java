package io.kubra.client;

import io.kubra.api.status.ApiException;
import io.kubra.metrics.MetricRegistry;
import io.kubra.model.KubernetesObject;
import io.kubra.model.ResourceType;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpTransport;
import io.kubra.transport.tls.ClientTls;
import io.kubra.transport.tls.KeyMaterial;
import io.kubra.transport.tls.Pem;
import io.kubra.transport.websocket.WebSocket;
import java.net.URI;
import java.util.List;
import java.util.function.UnaryOperator;

/** A connection to one API server under one identity. Safe for use by many threads. */
public final class ApiClient implements AutoCloseable {
  private final ApiTransport transport;

  /** A client over any transport. */
  public ApiClient(ApiTransport transport) {
    this.transport = transport;
  }

  /**
   * A client over HTTPS.
   *
   * @param userAgent names the caller, for field managers and logs
   */
  public static ApiClient https(KubeConfig config, String userAgent) {
    byte[] ca = config.caCertificate();
    ClientTls tls = ca == null ? ClientTls.machine() : ClientTls.trusting(Pem.certificates(ca));
    byte[] certificate = config.clientCertificate();
    byte[] key = config.clientKey();
    if (certificate != null && key != null) {
      tls = tls.withKey(KeyMaterial.fromPem(certificate, key));
    }
    HttpClient http = HttpClient.builder().tls(tls).build();
    String token = config.token() == null ? "" : config.token();
    return new ApiClient(
        new HttpApiTransport(
            http, config.server(), userAgent, () -> token, UnaryOperator.identity(), http));
  }

  /**
   * A client inside the API server's process: the same requests without sockets.
   *
   * @param local the in-process transport to the server
   * @param identityType under which type the server finds the caller's identity
   * @param identity the identity the server shall see
   */
  public static <I> ApiClient local(
      HttpTransport local, Class<I> identityType, I identity, String userAgent) {
    return new ApiClient(
        new HttpApiTransport(
            local,
            URI.create("http://local"),
            userAgent,
            () -> "",
            request -> request.withAttribute(identityType, identity),
            () -> {}));
  }

  /**
   * A client that shows somebody's bearer token, over a transport that stays the caller's.
   *
   * @param server where requests go, for example {@code http://local} inside the server's process
   */
  public static ApiClient bearer(
      HttpTransport transport, URI server, String token, String userAgent) {
    return new ApiClient(
        new HttpApiTransport(
            transport, server, userAgent, () -> token, UnaryOperator.identity(), () -> {}));
  }

  /** This client, its requests counted from now on as {@code rest_client_*}. */
  public ApiClient counted(MetricRegistry metrics) {
    return new ApiClient(new CountedTransport(transport, transport.host(), metrics));
  }

  /** Typed calls on one resource. */
  public <T extends KubernetesObject> ResourceClient<T> resource(ResourceType<T> type) {
    return new ResourceClient<>(this, type);
  }

  /**
   * Sends a request and returns the whole body of a successful answer.
   *
   * @throws ApiException if the server refuses
   */
  public byte[] call(ApiRequest request) {
    try (ApiResponse response = open(request)) {
      return response.readAll();
    }
  }

  /**
   * Sends a request and returns the successful answer, whose body streams.
   *
   * @throws ApiException if the server refuses
   */
  public ApiResponse open(ApiRequest request) {
    ApiResponse response = transport.send(request);
    if (response.status() < 400) {
      return response;
    }
    try (response) {
      throw Statuses.toException(response.status(), response.readAll());
    }
  }

  /** Sends a request and returns whatever the server answers. */
  public ApiResponse exchange(ApiRequest request) {
    return transport.send(request);
  }

  /**
   * Opens a WebSocket, as exec and attach want one.
   *
   * @throws ApiException if the server refuses
   * @throws UnsupportedOperationException if this client has no sockets
   */
  public WebSocket webSocket(String target, List<String> subprotocols) {
    return transport.webSocket(target, subprotocols);
  }

  @Override
  public void close() {
    transport.close();
  }
}
