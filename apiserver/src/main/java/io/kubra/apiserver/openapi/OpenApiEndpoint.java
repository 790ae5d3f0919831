package io.kubra.apiserver.openapi;

import io.kubra.api.json.Json;
import io.kubra.api.meta.GroupVersion;
import io.kubra.api.protobuf.OpenApiV2Proto;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.discovery.CachedDocument;
import io.kubra.apiserver.discovery.MediaRange;
import io.kubra.apiserver.discovery.ServedGroup;
import io.kubra.apiserver.request.NonResourceEndpoint;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.transport.http.HttpHeaders;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Serves {@code /openapi/v2} and {@code /openapi/v3}. */
public final class OpenApiEndpoint implements NonResourceEndpoint {
  private static final String JSON = "application/json";
  private static final String V3 = "/openapi/v3";
  private static final Duration FOREVER = Duration.ofDays(365);

  /** What kubectl up to 1.27 calls the protobuf form; the at sign is no legal media type. */
  private static final String OLD_PROTOBUF =
      "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

  private final Catalogue catalogue;
  private final String serverVersion;
  private final ForeignDocuments foreign;
  private final Map<String, CachedDocument> documents = new ConcurrentHashMap<>();
  private volatile @Nullable Sources sources;

  /** What documents are made of; loaded with the first request. */
  private record Sources(
      long changes, long foreignChanges, List<ServedGroup> groups, OpenApiDocuments writer) {
    /** The group and version behind {@code api/v1} or {@code apis/apps/v1}, or null. */
    @Nullable Map<String, Object> v3(String path) {
      for (ServedGroup group : groups) {
        for (String version : group.versions().keySet()) {
          if (path(group, version).equals(path)) {
            return writer.v3(group, version);
          }
        }
      }
      return null;
    }

    static String path(ServedGroup group, String version) {
      return (group.name().isEmpty() ? "api/" : "apis/") + group.groupVersion(version);
    }
  }

  /** Describes the stable versions of the catalogue; the version is said in the documents. */
  public OpenApiEndpoint(Catalogue catalogue, String serverVersion) {
    this(catalogue, serverVersion, new ForeignDocuments());
  }

  /** As the other, with what servers behind this one say of themselves. */
  public OpenApiEndpoint(Catalogue catalogue, String serverVersion, ForeignDocuments foreign) {
    this.catalogue = catalogue;
    this.serverVersion = serverVersion;
    this.foreign = foreign;
  }

  @Override
  public boolean matches(String path) {
    return path.equals("/openapi/v2") || path.equals(V3) || path.startsWith(V3 + "/");
  }

  @Override
  public void handle(RequestContext context) {
    String method = context.exchange().method();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw ApiException.generic(
          405,
          "MethodNotAllowed",
          "the server does not allow this method on the requested resource");
    }
    String path = context.info().path();
    if (path.equals("/openapi/v2")) {
      v2(context);
    } else if (path.equals(V3) || path.equals(V3 + "/")) {
      index().send(context);
    } else {
      v3(context, path.substring(V3.length() + 1));
    }
  }

  private void v2(RequestContext context) {
    for (MediaRange range : MediaRange.parse(context.exchange().headers().get("Accept"))) {
      if (range.includes(JSON)) {
        document("v2").send(context);
        return;
      }
      if (range.type().equals(OpenApiV2Proto.MEDIA_TYPE) || range.type().equals(OLD_PROTOBUF)) {
        document("v2-protobuf").send(context);
        return;
      }
    }
    throw ApiException.notAcceptable(List.of(JSON, OpenApiV2Proto.MEDIA_TYPE));
  }

  private void v3(RequestContext context, String path) {
    boolean json = false;
    for (MediaRange range : MediaRange.parse(context.exchange().headers().get("Accept"))) {
      json |= range.includes(JSON);
    }
    if (!json) {
      throw ApiException.notAcceptable(List.of(JSON));
    }
    CachedDocument document = documentOrNull("v3:" + path);
    if (document == null) {
      throw ApiException.generic(
          404, "NotFound", "the server could not find the requested resource");
    }
    String wanted = context.query().get("hash");
    HttpHeaders headers = new HttpHeaders();
    if (wanted.isEmpty()) {
      headers.set("Cache-Control", "no-cache, private");
    } else if (wanted.equals(document.hash())) {
      headers.set("Cache-Control", "public, immutable");
      headers.set(
          "Expires",
          DateTimeFormatter.RFC_1123_DATE_TIME.format(
              ZonedDateTime.now(ZoneOffset.UTC).plus(FOREVER)));
    } else {
      headers.set("Location", V3 + "/" + path + "?hash=" + document.hash());
      context.exchange().respond(301, headers);
      return;
    }
    document.send(context, headers);
  }

  /** The index names every document with its hash, and so needs all of them. */
  private CachedDocument index() {
    Sources from = sources();
    CachedDocument known = documents.get("index");
    if (known != null) {
      return known;
    }
    Map<String, Object> paths = new LinkedHashMap<>();
    for (ServedGroup group : from.groups()) {
      for (String version : group.versions().keySet()) {
        String path = Sources.path(group, version);
        String url = V3 + "/" + path + "?hash=" + document("v3:" + path).hash();
        paths.put(path, Dialect.tree("serverRelativeURL", url));
      }
    }
    CachedDocument index = new CachedDocument(JSON, Json.write(Dialect.tree("paths", paths)));
    documents.put("index", index);
    return index;
  }

  private CachedDocument document(String key) {
    CachedDocument document = documentOrNull(key);
    if (document == null) {
      throw new IllegalStateException("no OpenAPI document " + key);
    }
    return document;
  }

  private @Nullable CachedDocument documentOrNull(String key) {
    Sources from = sources();
    CachedDocument known = documents.get(key);
    if (known != null) {
      return known;
    }
    // paths that do not exist must not be remembered
    return switch (key) {
      case "v2" ->
          keep(key, new CachedDocument(JSON, Json.write(from.writer().v2(from.groups(), foreign))));
      case "v2-protobuf" ->
          keep(
              key,
              new CachedDocument(
                  OpenApiV2Proto.MEDIA_TYPE,
                  OpenApiV2Proto.encode(from.writer().v2(from.groups(), foreign))));
      default -> {
        String path = key.substring("v3:".length());
        byte[] published = foreign(path);
        if (published != null) {
          yield keep(key, new CachedDocument(JSON, published));
        }
        Map<String, Object> v3 = from.v3(path);
        yield v3 == null ? null : keep(key, new CachedDocument(JSON, Json.write(v3)));
      }
    };
  }

  /** The document of {@code apis/group/version}, if another server publishes it. */
  private byte @Nullable [] foreign(String path) {
    String[] parts = path.split("/", -1);
    return parts.length == 3 && parts[0].equals("apis")
        ? foreign.v3(new GroupVersion(parts[1], parts[2]))
        : null;
  }

  private CachedDocument keep(String key, CachedDocument document) {
    CachedDocument first = documents.putIfAbsent(key, document);
    return first == null ? document : first;
  }

  /** Whether a document describes built-in resources only, which never change. */
  private static boolean builtin(String key) {
    String group = key.startsWith("v3:apis/") ? key.substring(8, key.lastIndexOf('/')) : "";
    return key.startsWith("v3:api/")
        || (!group.isEmpty()
            && Catalogue.builtin().groupVersions().stream().anyMatch(v -> v.group().equals(group)));
  }

  private synchronized Sources sources() {
    Sources known = sources;
    long changes = catalogue.changes();
    long foreignChanges = foreign.changes();
    if (known == null || known.changes() != changes || known.foreignChanges() != foreignChanges) {
      OpenApiDocuments writer =
          known == null ? new OpenApiDocuments(catalogue, serverVersion) : known.writer();
      known = new Sources(changes, foreignChanges, ServedGroup.of(catalogue), writer);
      sources = known;
      documents.keySet().removeIf(key -> !builtin(key));
    }
    return known;
  }
}
