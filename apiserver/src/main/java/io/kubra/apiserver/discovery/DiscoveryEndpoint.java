package io.kubra.apiserver.discovery;

import io.kubra.api.json.Json;
import io.kubra.api.json.Yaml;
import io.kubra.api.protobuf.ProtobufCodec;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.request.NonResourceEndpoint;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.transport.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Serves {@code /api}, {@code /apis} and the documents of groups and versions below them. */
public final class DiscoveryEndpoint implements NonResourceEndpoint {
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";

  private final Catalogue catalogue;
  private volatile @Nullable State state;

  /** The groups at one time, and the documents that were made of them. */
  private record State(
      long changes, Map<String, ServedGroup> groups, Map<String, CachedDocument> documents) {}

  /** Serves what the catalogue offers. */
  public DiscoveryEndpoint(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  @Override
  public boolean matches(String path) {
    String[] parts = parts(path);
    return switch (parts[0]) {
      case "api" -> parts.length <= 2;
      case "apis" -> parts.length <= 3;
      default -> false;
    };
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
    String[] parts = parts(context.info().path());
    boolean core = parts[0].equals("api");
    if (parts.length == 1) {
      root(context, core);
    } else if (core) {
      version(context, groupOrNull(""), parts[1]);
    } else if (parts.length == 2) {
      ServedGroup group = required(groupOrNull(parts[1]));
      respond(context, "group:" + group.name(), () -> LegacyDiscovery.group(group));
    } else {
      version(context, groupOrNull(parts[1]), parts[2]);
    }
  }

  private void root(RequestContext context, boolean core) {
    for (MediaRange range : MediaRange.parse(context.exchange().headers().get("Accept"))) {
      String version = range.parameter("v");
      if (range.type().equals(JSON)
          && range.parameter("g").equals("apidiscovery.k8s.io")
          && range.parameter("as").equals("APIGroupDiscoveryList")
          && (version.equals("v2") || version.equals("v2beta1"))) {
        aggregated(core, version).send(context);
        return;
      }
      if (range.parameter("as").isEmpty() && encoding(range) != null) {
        break;
      }
    }
    if (core) {
      String host = context.exchange().headers().getOr("Host", "");
      respond(context, "api:" + host, () -> LegacyDiscovery.versions(host));
    } else {
      respond(context, "apis", () -> LegacyDiscovery.groups(List.copyOf(groups().values())));
    }
  }

  private CachedDocument aggregated(boolean core, String version) {
    return state()
        .documents()
        .computeIfAbsent(
            "aggregated:" + core + ":" + version,
            k -> {
              List<ServedGroup> listed =
                  groups().values().stream().filter(g -> g.name().isEmpty() == core).toList();
              return new CachedDocument(
                  JSON + ";g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList",
                  Json.write(AggregatedDiscovery.list(listed, version)));
            });
  }

  private void version(RequestContext context, @Nullable ServedGroup group, String version) {
    ServedGroup served = required(group);
    if (served.version(version) == null) {
      throw notFound();
    }
    respond(
        context,
        "version:" + served.groupVersion(version),
        () -> LegacyDiscovery.resources(served, version));
  }

  private void respond(RequestContext context, String key, Supplier<Map<String, Object>> document) {
    String encoding = null;
    for (MediaRange range : MediaRange.parse(context.exchange().headers().get("Accept"))) {
      encoding = range.parameter("as").isEmpty() ? encoding(range) : null;
      if (encoding != null) {
        break;
      }
    }
    if (encoding == null) {
      throw ApiException.notAcceptable(List.of(JSON, YAML, ProtobufCodec.MEDIA_TYPE));
    }
    String chosen = encoding;
    if (key.startsWith("api:")) {
      // depends on the client's idea of the host: not worth to be kept
      encode(chosen, document.get()).send(context, new HttpHeaders());
      return;
    }
    state()
        .documents()
        .computeIfAbsent(chosen + " " + key, k -> encode(chosen, document.get()))
        .send(context, new HttpHeaders());
  }

  private static CachedDocument encode(String encoding, Map<String, Object> tree) {
    byte[] content =
        switch (encoding) {
          case YAML -> Yaml.write(tree);
          case ProtobufCodec.MEDIA_TYPE -> ProtobufCodec.encode(withVersion(tree));
          default -> Json.write(tree);
        };
    return new CachedDocument(encoding, content);
  }

  /** The documents of the core group leave the version out in JSON. */
  private static Map<String, Object> withVersion(Map<String, Object> tree) {
    Map<String, Object> complete = new LinkedHashMap<>(tree);
    complete.putIfAbsent("apiVersion", "v1");
    return complete;
  }

  private static @Nullable String encoding(MediaRange range) {
    for (String type : List.of(JSON, YAML, ProtobufCodec.MEDIA_TYPE)) {
      if (range.includes(type)) {
        return type;
      }
    }
    return null;
  }

  private Map<String, ServedGroup> groups() {
    return state().groups();
  }

  private State state() {
    State known = state;
    long changes = catalogue.changes();
    if (known == null || known.changes() != changes) {
      Map<String, ServedGroup> groups = new LinkedHashMap<>();
      for (ServedGroup group : ServedGroup.of(catalogue)) {
        groups.put(group.name(), group);
      }
      known = new State(changes, groups, new ConcurrentHashMap<>());
      state = known;
    }
    return known;
  }

  private @Nullable ServedGroup groupOrNull(String name) {
    return groups().get(name);
  }

  private static ServedGroup required(@Nullable ServedGroup group) {
    if (group == null) {
      throw notFound();
    }
    return group;
  }

  private static ApiException notFound() {
    return ApiException.generic(
        404, "NotFound", "the server could not find the requested resource");
  }

  private static String[] parts(String path) {
    String trimmed = path.startsWith("/") ? path.substring(1) : path;
    return (trimmed.endsWith("/") ? trimmed.substring(0, trimmed.length() - 1) : trimmed)
        .split("/", -1);
  }
}
