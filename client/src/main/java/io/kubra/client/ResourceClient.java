package io.kubra.client;

import io.kubra.api.status.ApiException;
import io.kubra.model.Codec;
import io.kubra.model.KubernetesObject;
import io.kubra.model.ModelType;
import io.kubra.model.ResourceType;
import io.kubra.model.meta.v1.DeleteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Typed calls on one resource. Namespaces are empty for cluster-scoped resources and, in list and
 * watch, for all namespaces. Every refusal of the server is thrown as {@link ApiException}, every
 * loss of the connection as {@link java.io.UncheckedIOException}.
 */
public final class ResourceClient<T extends KubernetesObject> {
  private static final String JSON = "application/json";

  private final ApiClient api;
  private final ResourceType<T> type;

  ResourceClient(ApiClient api, ResourceType<T> type) {
    this.api = api;
    this.type = type;
  }

  /** The resource. */
  public ResourceType<T> type() {
    return type;
  }

  /** Reads one object. */
  public T get(String namespace, String name) {
    return one(ApiRequest.get(path(namespace, name, null)));
  }

  /** Reads one object, if it exists. */
  public Optional<T> find(String namespace, String name) {
    try {
      return Optional.of(get(namespace, name));
    } catch (ApiException e) {
      if (e.code() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Lists objects of one namespace, or of all. */
  public ObjectList<T> list(String namespace, ListOptions options) {
    byte[] body = api.call(ApiRequest.get(path(namespace, null, null) + options.query(false)));
    try (JsonParser p = Codec.parser(body)) {
      p.nextToken();
      return readList(p);
    }
  }

  private ObjectList<T> readList(JsonParser p) {
    List<T> items = new ArrayList<>();
    String resourceVersion = "";
    String continueToken = "";
    Codec.startObject(p);
    for (String name = p.nextName(); name != null; name = p.nextName()) {
      p.nextToken();
      switch (name) {
        case "metadata" -> {
          for (String key = p.nextName(); key != null; key = p.nextName()) {
            p.nextToken();
            switch (key) {
              case "resourceVersion" -> resourceVersion = Codec.string(p);
              case "continue" -> continueToken = Codec.string(p);
              default -> p.skipChildren();
            }
          }
        }
        case "items" -> {
          if (p.currentToken() == JsonToken.START_ARRAY) {
            items.addAll(Codec.list(p, type.reader()));
          }
        }
        default -> p.skipChildren();
      }
    }
    return new ObjectList<>(items, resourceVersion, continueToken);
  }

  /** Watches objects of one namespace, or of all. */
  public WatchStream<T> watch(String namespace, ListOptions options) {
    ApiResponse response =
        api.open(ApiRequest.get(path(namespace, null, null) + options.query(true)));
    return new WatchStream<>(response, type.reader());
  }

  /** Creates an object in the namespace its metadata names. */
  public T create(T object) {
    return one(
        ApiRequest.of(
            "POST", path(object.metadata().namespace(), null, null), JSON, object.toJson()));
  }

  /** Creates a subresource, such as a binding or an eviction, and returns the raw answer. */
  public byte[] createSubresource(
      String namespace, String name, String subresource, ModelType body) {
    return api.call(ApiRequest.of("POST", path(namespace, name, subresource), JSON, body.toJson()));
  }

  /** Creates a subresource and reads the answer. */
  public <R> R createSubresource(
      String namespace,
      String name,
      String subresource,
      ModelType body,
      Function<JsonParser, R> reader) {
    return Codec.read(createSubresource(namespace, name, subresource, body), reader);
  }

  /** Replaces an object; its resourceVersion, if set, must be the current one. */
  public T update(T object) {
    return put(object, null);
  }

  /** Replaces an object's status. */
  public T updateStatus(T object) {
    return put(object, "status");
  }

  /** Replaces a subresource that has the object's own kind. */
  public T updateSubresource(T object, String subresource) {
    return put(object, subresource);
  }

  private T put(T object, @Nullable String subresource) {
    String path = path(object.metadata().namespace(), object.metadata().name(), subresource);
    return one(ApiRequest.of("PUT", path, JSON, object.toJson()));
  }

  /** Patches an object or one of its subresources. */
  public T patch(
      String namespace, String name, PatchType patch, byte[] body, @Nullable String subresource) {
    return one(
        ApiRequest.of("PATCH", path(namespace, name, subresource), patch.contentType(), body));
  }

  /** Server-side applies an object. */
  public T apply(T object, String fieldManager, boolean force) {
    String path =
        path(object.metadata().namespace(), object.metadata().name(), null)
            + "?fieldManager="
            + ApiRequest.encode(fieldManager)
            + (force ? "&force=true" : "");
    return one(ApiRequest.of("PATCH", path, PatchType.APPLY.contentType(), object.toJson()));
  }

  /** Deletes an object with the kind's defaults. */
  public void delete(String namespace, String name) {
    delete(namespace, name, DeleteOptions.empty());
  }

  /** Deletes an object. */
  public void delete(String namespace, String name, DeleteOptions options) {
    api.call(ApiRequest.of("DELETE", path(namespace, name, null), JSON, options.toJson()));
  }

  /** Deletes the objects of a namespace that the options select. */
  public void deleteCollection(String namespace, ListOptions options, DeleteOptions delete) {
    api.call(
        ApiRequest.of(
            "DELETE", path(namespace, null, null) + options.query(false), JSON, delete.toJson()));
  }

  private T one(ApiRequest request) {
    return Codec.read(api.call(request), type.reader());
  }

  private String path(String namespace, @Nullable String name, @Nullable String subresource) {
    StringBuilder path = new StringBuilder(type.basePath());
    if (type.namespaced() && !namespace.isEmpty()) {
      path.append("/namespaces/").append(ApiRequest.encode(namespace));
    }
    path.append('/').append(type.plural());
    if (name != null) {
      path.append('/').append(ApiRequest.encode(name));
    }
    if (subresource != null) {
      path.append('/').append(subresource);
    }
    return path.toString();
  }
}
