package io.kubra.client;

import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.HttpTransport;
import io.kubra.transport.http.TransportException;
import io.kubra.transport.http.UpgradeException;
import io.kubra.transport.websocket.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Sends API requests over any HTTP transport, the in-process one included. */
final class HttpApiTransport implements ApiTransport {
  private final HttpTransport http;
  private final URI server;
  private final String userAgent;
  private final Supplier<String> token;
  private final UnaryOperator<HttpRequest> identity;
  private final AutoCloseable closing;
  private volatile boolean closed;

  /**
   * A transport to one server.
   *
   * @param token the bearer token of the moment, or empty
   * @param identity adds what identifies an in-process caller
   * @param closing what to close with this transport
   */
  HttpApiTransport(
      HttpTransport http,
      URI server,
      String userAgent,
      Supplier<String> token,
      UnaryOperator<HttpRequest> identity,
      AutoCloseable closing) {
    this.http = http;
    this.server = server;
    this.userAgent = userAgent;
    this.token = token;
    this.identity = identity;
    this.closing = closing;
  }

  @Override
  public ApiResponse send(ApiRequest request) {
    if (closed) {
      // Also in the process: who no longer leads must not write any more.
      throw new UncheckedIOException(new IOException(server + ": the client is closed"));
    }
    HttpHeaders headers = headers(request.headers());
    URI uri = server.resolve(request.target());
    byte[] body = request.body();
    HttpRequest http1 =
        body == null
            ? HttpRequest.of(request.method(), uri, headers)
            : HttpRequest.of(request.method(), uri, headers, body);
    try {
      return new Response(http.send(identity.apply(http1)));
    } catch (TransportException e) {
      throw new UncheckedIOException(new IOException(server + ": " + e.getMessage(), e));
    }
  }

  @Override
  public WebSocket webSocket(String target, List<String> subprotocols) {
    if (!(http instanceof HttpClient client)) {
      throw new UnsupportedOperationException("no WebSockets inside the process");
    }
    try {
      return client.connectWebSocket(server.resolve(target), headers(Map.of()), subprotocols);
    } catch (UpgradeException e) {
      throw Statuses.toException(e.status(), e.body());
    } catch (TransportException e) {
      throw new UncheckedIOException(new IOException(server + ": " + e.getMessage(), e));
    }
  }

  @Override
  public String host() {
    return server.getAuthority();
  }

  private HttpHeaders headers(Map<String, String> more) {
    HttpHeaders headers = new HttpHeaders();
    headers.add("User-Agent", userAgent);
    for (Map.Entry<String, String> header : more.entrySet()) {
      headers.set(header.getKey(), header.getValue());
    }
    String bearer = token.get();
    if (!bearer.isEmpty()) {
      headers.set("Authorization", "Bearer " + bearer);
    }
    return headers;
  }

  private record Response(HttpClientResponse response) implements ApiResponse {
    @Override
    public int status() {
      return response.status();
    }

    @Override
    public String header(String name) {
      return response.headers().getOr(name, "");
    }

    @Override
    public InputStream body() {
      return response.body();
    }

    @Override
    public void close() {
      response.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      closing.close();
    } catch (Exception e) {
      throw new IllegalStateException("closing the connection to " + server, e);
    }
  }
}
