package io.kubra.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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

  /** A name as it stands in a path or query. */
  public static String encode(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A request with a body. */
  public static ApiRequest of(String method, String target, String contentType, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", "application/json");
    headers.put("Content-Type", contentType);
    return new ApiRequest(method, target, headers, body);
  }
}
