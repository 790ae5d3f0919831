package io.kubra.transport.http;

import org.jspecify.annotations.Nullable;

/**
 * What a request asks for.
 *
 * @param path percent-encoded, without the query
 * @param query percent-encoded; null when there is no question mark
 */
public record RequestLine(String method, String path, @Nullable String query, String protocol) {
  /** Splits a target in origin form, absolute form or asterisk form. */
  public static RequestLine of(String method, String target, String protocol) {
    String rest = target;
    int scheme = rest.indexOf("://");
    if (scheme > 0 && !rest.startsWith("/")) {
      int path = rest.indexOf('/', scheme + 3);
      rest = path < 0 ? "/" : rest.substring(path);
    }
    int fragment = rest.indexOf('#');
    if (fragment >= 0) {
      rest = rest.substring(0, fragment);
    }
    int question = rest.indexOf('?');
    return question < 0
        ? new RequestLine(method, rest, null, protocol)
        : new RequestLine(
            method, rest.substring(0, question), rest.substring(question + 1), protocol);
  }
}
