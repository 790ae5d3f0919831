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

  private Http2Fields() {}

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
