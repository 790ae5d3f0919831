package io.kubra.apiserver.encoding;

import io.kubra.api.json.Json;
import io.kubra.api.json.Yaml;
import io.kubra.api.protobuf.ProtobufCodec;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.cache.StoredObject;
import io.kubra.apiserver.encoding.OutputFormat.View;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.storage.ServedResource;
import io.kubra.apiserver.table.TableConverter;
import io.kubra.apiserver.table.TableConverter.IncludeObject;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Writes responses in the format that was negotiated. */
public final class Responder {
  private static final int GZIP_FROM = 128 * 1024;

  /** As many characters all warnings together may have before each is cut. */
  private static final int MOST_WARNINGS = 4 * 1024;

  private static final int LONGEST_WARNING = 256;

  private final Clock clock;

  public Responder(Clock clock) {
    this.clock = clock;
  }

  /** Sends a stored object; in its plain form the stored bytes are not decoded. */
  public void object(
      RequestContext c, ServedResource r, StoredObject object, OutputFormat format, int status) {
    if (format.isStoredForm() && !r.converted()) {
      send(c, status, format, newLine(object));
      return;
    }
    Map<String, Object> tree = served(r, object);
    switch (format.view()) {
      case OBJECT -> tree(c, tree, format, status);
      case METADATA -> tree(c, TableConverter.partial(tree, format.tableVersion()), format, status);
      case TABLE -> {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("resourceVersion", Long.toString(object.revision()));
        tree(c, table(c, r, List.of(tree), format, metadata), format, status);
      }
    }
  }

  /** Sends a list. */
  public void list(RequestContext c, ServedResource r, ListPage page, OutputFormat format) {
    if (format.isStoredForm() && !r.converted()) {
      send(c, 200, format, join(r, page));
      return;
    }
    List<Map<String, Object>> items = r.servedAll(page.items());
    if (format.view() == View.TABLE) {
      tree(c, table(c, r, items, format, page.metadata()), format, 200);
      return;
    }
    Map<String, Object> list = new LinkedHashMap<>();
    if (format.view() == View.METADATA) {
      list.put("kind", "PartialObjectMetadataList");
      list.put("apiVersion", "meta.k8s.io/" + format.tableVersion());
      items.replaceAll(i -> TableConverter.partial(i, format.tableVersion()));
    } else {
      list.put("kind", r.kind() + "List");
      list.put("apiVersion", r.apiVersion());
    }
    list.put("metadata", page.metadata());
    list.put("items", items);
    tree(c, list, format, 200);
  }

  /** Sends any API object; a table or metadata view is not applied. */
  public void tree(RequestContext c, Map<String, Object> tree, OutputFormat format, int status) {
    send(c, status, format, encode(tree, format));
  }

  /** Sends an error as a Status, in JSON unless something else was negotiated. */
  public void error(RequestContext c, ApiException e) {
    OutputFormat format;
    try {
      format = Negotiation.choose(c.exchange().headers(), c.query(), false);
    } catch (ApiException notAcceptable) {
      format = OutputFormat.JSON;
    }
    error(c.exchange(), c.warnings(), e, format);
  }

  /** Sends an error to someone of whom only the connection is known. */
  public static void error(
      HttpExchange exchange, List<String> warnings, ApiException e, OutputFormat format) {
    HttpHeaders headers = headers(warnings, format.encoding().mediaType());
    if (e.code() == 401) {
      headers.set("WWW-Authenticate", "Bearer realm=\"kubernetes\"");
    }
    Object retry =
        e.toStatus().get("details") instanceof Map<?, ?> d ? d.get("retryAfterSeconds") : null;
    if (retry != null) {
      headers.set("Retry-After", String.valueOf(retry));
    }
    exchange.respond(
        e.code(),
        headers,
        encode(
            e.toStatus(), new OutputFormat(format.encoding(), View.OBJECT, "v1", format.pretty())));
  }

  /** An object in the version that is served. */
  public static Map<String, Object> served(ServedResource r, StoredObject object) {
    return r.served(object);
  }

  /** Encodes a tree. */
  static byte[] encode(Map<String, Object> tree, OutputFormat format) {
    return switch (format.encoding()) {
      case JSON -> {
        byte[] json = Json.write(tree);
        yield format.pretty() ? PrettyJson.format(json) : line(json);
      }
      case YAML -> Yaml.write(tree);
      case PROTOBUF -> ProtobufCodec.encode(tree);
    };
  }

  private Map<String, Object> table(
      RequestContext c,
      ServedResource r,
      List<Map<String, Object>> objects,
      OutputFormat format,
      Map<String, Object> metadata) {
    return TableConverter.table(
        r.printer(),
        objects,
        IncludeObject.of(c.query().get("includeObject")),
        format.tableVersion(),
        metadata,
        true,
        clock.instant());
  }

  private static byte[] newLine(StoredObject object) {
    byte[] out = new byte[object.wireLength() + 1];
    out[object.copyTo(out, 0)] = '\n';
    return out;
  }

  private static byte[] line(byte[] json) {
    byte[] out = java.util.Arrays.copyOf(json, json.length + 1);
    out[json.length] = '\n';
    return out;
  }

  /** Concatenates the stored bytes of a page. */
  private static byte[] join(ServedResource r, ListPage page) {
    byte[] metadata = Json.write(page.metadata());
    byte[] head =
        ("{\"kind\":\""
                + r.kind()
                + "List\",\"apiVersion\":\""
                + r.apiVersion()
                + "\",\"metadata\":")
            .getBytes(StandardCharsets.UTF_8);
    byte[] items = ",\"items\":[".getBytes(StandardCharsets.US_ASCII);
    long length = head.length + metadata.length + items.length + 3L;
    for (StoredObject o : page.items()) {
      length += o.wireLength() + 1L;
    }
    byte[] out = new byte[Math.toIntExact(length)];
    int at = append(out, 0, head);
    at = append(out, at, metadata);
    at = append(out, at, items);
    boolean first = true;
    for (StoredObject o : page.items()) {
      if (!first) {
        out[at++] = ',';
      }
      first = false;
      at = o.copyTo(out, at);
    }
    out[at++] = ']';
    out[at++] = '}';
    out[at++] = '\n';
    return at == out.length ? out : java.util.Arrays.copyOf(out, at);
  }

  private static int append(byte[] out, int at, byte[] part) {
    System.arraycopy(part, 0, out, at, part.length);
    return at + part.length;
  }

  private static void send(RequestContext c, int status, OutputFormat format, byte[] body) {
    HttpHeaders headers = headers(c.warnings(), format.encoding().mediaType());
    byte[] content = body;
    if (body.length >= GZIP_FROM && acceptsGzip(c.exchange().headers())) {
      headers.set("Content-Encoding", "gzip");
      headers.set("Vary", "Accept-Encoding");
      content = gzip(body);
    }
    c.exchange().respond(status, headers, content);
  }

  /** The headers every response has. */
  public static HttpHeaders headers(List<String> warnings, String contentType) {
    HttpHeaders headers = new HttpHeaders();
    headers.set("Content-Type", contentType);
    headers.set("Cache-Control", "no-cache, private");
    boolean many = warnings.stream().mapToInt(String::length).sum() > MOST_WARNINGS;
    int length = 0;
    for (String w : warnings) {
      String text = many && w.length() > LONGEST_WARNING ? w.substring(0, LONGEST_WARNING) : w;
      length += text.length();
      if (length > MOST_WARNINGS) {
        break;
      }
      headers.add("Warning", "299 - \"" + quoted(text) + "\"");
    }
    return headers;
  }

  /** As a quoted string; of header fields the transport sends the low byte of each character. */
  private static String quoted(String warning) {
    String text =
        warning.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("[\\p{Cntrl}]+", " ");
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static boolean acceptsGzip(HttpHeaders headers) {
    String accepted = headers.get("accept-encoding");
    return accepted != null && accepted.contains("gzip");
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4);
    try (GZIPOutputStream gzip =
        new GZIPOutputStream(out, 8192) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        }) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
