package io.kubra.apiserver.webhook;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What an answer without success says, in the words of the reference's client. */
final class ResponseErrors {
  private static final int MOST_BYTES = 2048;

  private ResponseErrors() {}

  static String describe(int code, String contentType, byte[] body) {
    String said = status(body);
    if (!said.isEmpty()) {
      return said;
    }
    boolean text = contentType.startsWith("text/");
    int length = Math.min(body.length, MOST_BYTES);
    String plain = text ? new String(body, 0, length, StandardCharsets.UTF_8).strip() : "unknown";
    return switch (code) {
      case 400 -> "the server rejected our request for an unknown reason";
      case 401 -> "the server has asked for the client to provide credentials";
      case 403, 406, 415 -> plain;
      case 404 -> "the server could not find the requested resource";
      case 405 -> "the server does not allow this method on the requested resource";
      case 409 -> "the server reported a conflict";
      case 422 -> "the server rejected our request due to an error in our request";
      case 429 -> "the server has received too many requests and has asked us to try again later";
      case 503 -> "the server is currently unable to handle the request";
      case 504 ->
          "the server was unable to return a response in the time allotted, but may still be"
              + " processing the request";
      default ->
          code >= 500
              ? "an error on the server ("
                  + Json.toString(plain)
                  + ") has prevented the request from succeeding"
              : "the server responded with the status code "
                  + code
                  + " but did not return more information";
    };
  }

  /** The message of a Status, or nothing. */
  private static String status(byte[] body) {
    if (body.length == 0 || body[0] != '{') {
      return "";
    }
    try {
      Map<String, Object> tree = Json.parseObject(body);
      boolean status = "Status".equals(tree.get("kind")) && "Failure".equals(tree.get("status"));
      return status ? Trees.stringOr(tree, "", "message") : "";
    } catch (JsonSyntaxException e) {
      return "";
    }
  }
}
