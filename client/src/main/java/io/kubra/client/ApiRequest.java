package io.kubra.client;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API.
 *
 * @param method the HTTP method
 * @param target the path with its query, already encoded
 * @param headers further headers
 * @param body the body, if there is one
 */
public record ApiRequest(
    String method, String target, Map<String, String> headers, byte @Nullable [] body) {
  /** A request without body that accepts JSON. */
  public static ApiRequest get(String target) {
    return new ApiRequest("GET", target, Map.of("Accept", "application/json"), null);
  }

  /** A request with a body. */
  public static ApiRequest of(String method, String target, String contentType, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", "application/json");
    headers.put("Content-Type", contentType);
    return new ApiRequest(method, target, headers, body);
  }
}
