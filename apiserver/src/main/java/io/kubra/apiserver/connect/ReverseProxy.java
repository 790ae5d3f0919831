package io.kubra.apiserver.connect;

import io.kubra.api.status.ApiException;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.RequestBody;
import io.kubra.transport.http.ResponseStream;
import io.kubra.transport.http.ResponseTimeoutException;
import io.kubra.transport.http.TransportException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Forwards requests to another server and its answers back. */
public final class ReverseProxy {
  private ReverseProxy() {}

  /**
   * Forwards a whole request, with its path as it is.
   *
   * @param base scheme, host and port of the backend
   * @param identity adds who the user is; the user's own credentials are not passed on
   * @param patience how long the backend may take to begin its answer; null for any time
   * @throws ApiException 503 if the backend cannot be reached, 504 if it does not answer in time
   */
  public static void passOn(
      RequestContext context,
      HttpClient client,
      URI base,
      Consumer<HttpHeaders> identity,
      @Nullable Duration patience)
      throws IOException {
    HttpExchange exchange = context.exchange();
    String query = exchange.rawQuery() == null ? "" : "?" + exchange.rawQuery();
    URI uri = uri(base + exchange.rawPath() + query);
    if (Upgrades.requested(exchange)) {
      // lasts as long as its client likes, and must not take the place of others meanwhile
      context.endTurn();
      Upgrades.pass(exchange, client, uri, identity);
      return;
    }
    HttpHeaders headers = HopHeaders.request(exchange.headers());
    identity.accept(headers);
    headers.set("X-Forwarded-Host", exchange.headers().getOr("Host", ""));
    headers.set("X-Forwarded-Proto", exchange.secure() ? "https" : "http");
    HttpRequest request =
        new HttpRequest(exchange.method(), uri, headers, body(exchange), patience, Map.of());
    try (HttpClientResponse response = client.send(request)) {
      relay(exchange, response, base, "");
    } catch (ResponseTimeoutException e) {
      throw ApiException.timeout("request did not complete within requested timeout");
    } catch (TransportException e) {
      if (exchange.responded()) {
        throw e;
      }
      throw ApiException.serviceUnavailable("error trying to reach service: " + e.getMessage());
    }
  }

  /**
   * Forwards a request below {@code …/proxy}.
   *
   * @param base scheme, host and port of the backend
   */
  static void forward(RequestContext context, HttpClient client, URI base) throws IOException {
    HttpExchange exchange = context.exchange();
    String path = exchange.rawPath();
    int end = endOfProxySegment(path);
    String rest = path.substring(end);
    boolean read = exchange.method().equals("GET") || exchange.method().equals("HEAD");
    String query = exchange.rawQuery() == null ? "" : "?" + exchange.rawQuery();
    if (rest.isEmpty() && read && !Upgrades.requested(exchange)) {
      exchange.respond(301, HttpHeaders.of("Location", path + "/" + query));
      return;
    }
    URI uri = uri(base + (rest.isEmpty() ? "/" : rest) + query);
    if (Upgrades.requested(exchange)) {
      Upgrades.pass(exchange, client, uri);
      return;
    }
    HttpHeaders headers = HopHeaders.request(exchange.headers());
    headers.set("X-Forwarded-Uri", path);
    headers.set("X-Forwarded-Host", exchange.headers().getOr("Host", ""));
    headers.set("X-Forwarded-Proto", exchange.secure() ? "https" : "http");
    HttpRequest request =
        new HttpRequest(exchange.method(), uri, headers, body(exchange), null, Map.of());
    try (HttpClientResponse response = client.send(request)) {
      relay(exchange, response, base, path.substring(0, end));
    } catch (TransportException e) {
      if (exchange.responded()) {
        throw e;
      }
      throw ApiException.serviceUnavailable("error trying to reach service: " + e.getMessage());
    }
  }

  private static RequestBody body(HttpExchange exchange) {
    String length = exchange.headers().get("Content-Length");
    boolean none =
        length == null
            && exchange.headers().get("Transfer-Encoding") == null
            && (exchange.method().equals("GET")
                || exchange.method().equals("HEAD")
                || exchange.method().equals("DELETE")
                || exchange.method().equals("OPTIONS"));
    if (none || "0".equals(length)) {
      return RequestBody.EMPTY;
    }
    long known = length == null ? -1 : Long.parseLong(length);
    return new RequestBody.Streaming(exchange.body(), known);
  }

  private static void relay(
      HttpExchange exchange, HttpClientResponse response, URI base, String prefix)
      throws IOException {
    exchange.onClose(response::close);
    HttpHeaders headers = HopHeaders.response(response.headers());
    String location = headers.get("Location");
    if (location != null) {
      headers.set("Location", rewrite(location, base, prefix));
    }
    if (exchange.method().equals("HEAD") || response.status() == 204 || response.status() == 304) {
      exchange.respond(response.status(), headers);
      return;
    }
    byte[] buffer = new byte[32 * 1024];
    try (ResponseStream out = exchange.start(response.status(), headers);
        InputStream in = response.body()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(Arrays.copyOf(buffer, count));
        if (in.available() == 0) {
          out.flush();
        }
      }
    }
  }

  /** A redirect that stays on the backend must lead back through the proxy. */
  static String rewrite(String location, URI base, String prefix) {
    if (location.startsWith("/") && !location.startsWith("//")) {
      return prefix + location;
    }
    String origin = base.toString();
    return location.startsWith(origin + "/")
        ? prefix + location.substring(origin.length())
        : location;
  }

  /** Where the path of the proxy request ends and that of the backend begins. */
  static int endOfProxySegment(String path) {
    boolean namespaced = path.startsWith("/api/v1/namespaces/");
    int segments = namespaced ? 7 : 5;
    int at = 0;
    for (int i = 0; i < segments && at >= 0; i++) {
      at = path.indexOf('/', at + 1);
    }
    return at < 0 ? path.length() : at;
  }

  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest("invalid path: " + e.getMessage());
    }
  }
}
