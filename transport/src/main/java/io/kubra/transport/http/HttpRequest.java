package io.kubra.transport.http;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to send.
 *
 * @param method in capitals
 * @param uri absolute for the network; path and query are enough inside the process
 * @param headers {@code Host} and the body's length are added by the transport
 * @param body what to send after the headers
 * @param timeout how long to wait for the response's headers; null for the transport's default
 * @param attributes given to the handler inside the process; never sent over the network
 */
public record HttpRequest(
    String method,
    URI uri,
    HttpHeaders headers,
    RequestBody body,
    @Nullable Duration timeout,
    Map<Class<?>, Object> attributes) {

  /** A request without body, default timeout and attributes. */
  public static HttpRequest of(String method, URI uri, HttpHeaders headers) {
    return new HttpRequest(method, uri, headers, RequestBody.EMPTY, null, Map.of());
  }

  /** A request with a body held in memory. */
  public static HttpRequest of(String method, URI uri, HttpHeaders headers, byte[] body) {
    return new HttpRequest(method, uri, headers, RequestBody.of(body), null, Map.of());
  }

  /** A GET. */
  public static HttpRequest get(URI uri) {
    return of("GET", uri, new HttpHeaders());
  }

  /** The same request with a body. */
  public HttpRequest withBody(RequestBody newBody) {
    return new HttpRequest(method, uri, headers, newBody, timeout, attributes);
  }

  /** The same request with a limit on the wait for the response's headers. */
  public HttpRequest withTimeout(Duration newTimeout) {
    return new HttpRequest(method, uri, headers, body, newTimeout, attributes);
  }

  /** The same request with an attribute for an in-process handler. */
  public <T> HttpRequest withAttribute(Class<T> type, T value) {
    Map<Class<?>, Object> more = new HashMap<>(attributes);
    more.put(type, value);
    return new HttpRequest(method, uri, headers, body, timeout, Map.copyOf(more));
  }
}
