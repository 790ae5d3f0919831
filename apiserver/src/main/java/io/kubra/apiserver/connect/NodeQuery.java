package io.kubra.apiserver.connect;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Builds a URI below a base from path segments and query parameters, escaping both. */
final class NodeQuery {
  private final StringBuilder uri;
  private char separator = '?';

  NodeQuery(URI base, String... segments) {
    String text = base.toString();
    uri = new StringBuilder(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    for (String segment : segments) {
      uri.append('/').append(escape(segment));
    }
  }

  NodeQuery add(String name, String value) {
    uri.append(separator).append(escape(name)).append('=').append(escape(value));
    separator = '&';
    return this;
  }

  NodeQuery addAll(String name, List<String> values) {
    values.forEach(value -> add(name, value));
    return this;
  }

  NodeQuery addFlag(String name, boolean on) {
    return on ? add(name, "1") : this;
  }

  URI toUri() {
    return URI.create(uri.toString());
  }

  private static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
