package io.kubra.transport.http;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates header fields between HTTP/2's form and ours. */
final class Http2Fields {
  /** Fields that speak of one connection and are forbidden in HTTP/2. */
  private static final Set<String> HOP =
      Set.of(
          "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "host");

  private static final Set<String> PSEUDO = Set.of(":method", ":scheme", ":authority", ":path");

  private static final int DELETE = 0x7f;

  private Http2Fields() {}

  /**
   * What is wrong with the header of a request (RFC 9113, section 8.2 and 8.3); null if nothing is.
   * Spaces around a value are let pass, as Go's server does: its client sends them, takes a reset
   * for a failure of the wire, and tries again and again.
   */
  static @Nullable String problem(Http2Headers fields) {
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      String problem = problem(field.getKey(), field.getValue());
      if (problem == null && field.getKey().charAt(0) == ':') {
        problem = fields.getAll(field.getKey()).size() > 1 ? "repeated " + field.getKey() : null;
      }
      if (problem != null) {
        return problem;
      }
    }
    CharSequence method = fields.method();
    CharSequence path = fields.path();
    if (method == null || !isToken(method)) {
      return "missing or invalid :method";
    }
    boolean any = path != null && path.toString().equals("*");
    if (path == null || path.isEmpty() || (path.charAt(0) != '/' && !any)) {
      return "missing or invalid :path";
    }
    return null;
  }

  private static @Nullable String problem(CharSequence name, CharSequence value) {
    if (name.isEmpty()) {
      return "empty header field name";
    }
    if (name.charAt(0) == ':') {
      if (!PSEUDO.contains(name.toString())) {
        return "unknown pseudo header field";
      }
    } else if (!isToken(name) || name.chars().anyMatch(c -> c >= 'A' && c <= 'Z')) {
      return "invalid header field name";
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == DELETE) {
        return "invalid value of header field " + name;
      }
    }
    return switch (name.toString()) {
      case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" ->
          "request header " + name + " is not valid in HTTP/2";
      case "te" ->
          value.toString().equals("trailers")
              ? null
              : "request header te may only be trailers in HTTP/2";
      default -> null;
    };
  }

  private static boolean isToken(CharSequence text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
  }

  static HttpHeaders request(Http2Headers fields) {
    HttpHeaders headers = plain(fields);
    CharSequence authority = fields.authority();
    if (authority != null && !headers.contains("host")) {
      headers.add("host", authority.toString());
    }
    return headers;
  }

  static HttpHeaders plain(Http2Headers fields) {
    HttpHeaders headers = new HttpHeaders();
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      CharSequence name = field.getKey();
      if (!name.isEmpty() && name.charAt(0) != ':') {
        headers.add(name.toString(), field.getValue().toString());
      }
    }
    return headers;
  }

  static Http2Headers informational(int status) {
    return new DefaultHttp2Headers(false).status(Integer.toString(status));
  }

  static Http2Headers response(BaseExchange.Head head) {
    Http2Headers fields = new DefaultHttp2Headers(true, head.headers().size() + 3);
    fields.status(AsciiString.of(Integer.toString(head.status())));
    copy(head.headers(), fields);
    if (!fields.contains("date")) {
      fields.set("date", HttpDate.now());
    }
    if (head.contentLength() >= 0) {
      fields.set("content-length", Long.toString(head.contentLength()));
    }
    return fields;
  }

  static Http2Headers request(
      String method, URI uri, String authority, HttpHeaders headers, long contentLength) {
    Http2Headers fields = new DefaultHttp2Headers(true, headers.size() + 5);
    fields.method(method);
    fields.scheme(uri.getScheme());
    fields.authority(authority);
    fields.path(target(uri));
    copy(headers, fields);
    if (contentLength >= 0) {
      fields.set("content-length", Long.toString(contentLength));
    }
    return fields;
  }

  /** The request target of a URI: its path and query as they are. */
  static String target(URI uri) {
    @Nullable String path = uri.getRawPath();
    @Nullable String query = uri.getRawQuery();
    String start = path == null || path.isEmpty() ? "/" : path;
    return query == null ? start : start + "?" + query;
  }

  private static void copy(HttpHeaders from, Http2Headers to) {
    from.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (!HOP.contains(lower)) {
            to.add(lower, value);
          }
        });
  }
}
