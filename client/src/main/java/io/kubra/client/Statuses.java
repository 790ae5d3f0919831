package io.kubra.client;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Turns the server's answers to failed calls into exceptions. */
final class Statuses {
  private Statuses() {}

  static ApiException toException(int code, byte[] body) {
    try {
      Map<String, Object> status = Json.parseObject(body);
      if ("Status".equals(status.get("kind"))) {
        return toException(status);
      }
    } catch (RuntimeException e) {
      // Not JSON: proxies and foreign servers answer in plain text, which is the message then.
      return ApiException.generic(code, "Unknown", text(code, body));
    }
    return ApiException.generic(code, "Unknown", text(code, body));
  }

  static ApiException toException(Map<String, Object> status) {
    return ApiException.fromStatus(status);
  }

  private static String text(int code, byte[] body) {
    String text = new String(body, 0, Math.min(body.length, 2048), StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "the server answered with code " + code : text;
  }
}
