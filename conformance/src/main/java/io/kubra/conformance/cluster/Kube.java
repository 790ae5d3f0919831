package io.kubra.conformance.cluster;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.ApiResponse;
import io.kubra.client.PatchType;
import io.kubra.transport.websocket.WebSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The API of any cluster, with objects as trees, so that kinds which this build does not know and
 * fields of other versions are read all the same. Refusals are {@link ApiException}s, a lost
 * connection an {@link java.io.UncheckedIOException}. Safe for many threads.
 */
public final class Kube {
  private static final String JSON = "application/json";
  private static final int PAGE = 500;

  private final ApiClient client;

  /** Over a client, which stays the caller's to close. */
  public Kube(ApiClient client) {
    this.client = client;
  }

  /** Reads an object. */
  public Map<String, Object> get(String path) {
    return Json.parseObject(client.call(ApiRequest.get(path)));
  }

  /** Reads an object, if it and its kind exist. */
  public Optional<Map<String, Object>> find(String path) {
    try {
      return Optional.of(get(path));
    } catch (ApiException e) {
      if (e.code() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Reads all objects of a collection, page by page. */
  public List<Map<String, Object>> list(String path) {
    List<Map<String, Object>> items = new ArrayList<>();
    String more = "";
    do {
      String query = (path.contains("?") ? "&" : "?") + "limit=" + PAGE;
      if (!more.isEmpty()) {
        query += "&continue=" + encode(more);
      }
      Map<String, Object> page = get(path + query);
      items.addAll(Trees.maps(page, "items"));
      more = Trees.stringOr(page, "", "metadata", "continue");
    } while (!more.isEmpty());
    return items;
  }

  /** Reads all objects of a collection; none if the cluster does not know the kind. */
  public List<Map<String, Object>> listIfServed(String path) {
    try {
      return list(path);
    } catch (ApiException e) {
      if (e.code() == 404) {
        return List.of();
      }
      throw e;
    }
  }

  /** Reads a text, such as metrics or a log. */
  public String text(String path) {
    ApiRequest request = new ApiRequest("GET", path, Map.of("Accept", "*/*"), null);
    return new String(client.call(request), StandardCharsets.UTF_8);
  }

  /** Creates an object in a collection. */
  public Map<String, Object> create(String collection, Map<String, Object> object) {
    return Json.parseObject(
        client.call(ApiRequest.of("POST", collection, JSON, Json.write(object))));
  }

  /** Replaces an object. */
  public Map<String, Object> update(String path, Map<String, Object> object) {
    return Json.parseObject(client.call(ApiRequest.of("PUT", path, JSON, Json.write(object))));
  }

  /** Changes an object by a merge patch in JSON. */
  public Map<String, Object> merge(String path, String patch) {
    return patch(path, PatchType.MERGE, patch);
  }

  /** Changes an object. */
  public Map<String, Object> patch(String path, PatchType type, String patch) {
    return Json.parseObject(
        client.call(
            ApiRequest.of(
                "PATCH", path, type.contentType(), patch.getBytes(StandardCharsets.UTF_8))));
  }

  /** Deletes an object; nothing happens if it is gone already. */
  public void delete(String path) {
    try {
      client.call(ApiRequest.of("DELETE", path, JSON, Json.write(Map.of())));
    } catch (ApiException e) {
      if (e.code() != 404) {
        throw e;
      }
    }
  }

  /** What the server answers to a request, whatever that is. */
  public Answer ask(
      String method, String path, Map<String, String> headers, @Nullable Map<String, Object> body) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putIfAbsent("Accept", JSON);
    byte[] bytes = null;
    if (body != null) {
      all.putIfAbsent("Content-Type", JSON);
      bytes = Json.write(body);
    }
    try (ApiResponse response = client.exchange(new ApiRequest(method, path, all, bytes))) {
      return new Answer(
          response.status(),
          response.header("X-Kubernetes-PF-FlowSchema-UID"),
          new String(response.readAll(), StandardCharsets.UTF_8));
    }
  }

  /**
   * An answer.
   *
   * @param flowSchema the header that names the flow schema of the request; empty if absent
   */
  public record Answer(int status, String flowSchema, String body) {
    /** The message of a Status, or the beginning of the body. */
    public String message() {
      try {
        return Trees.stringOr(
            Json.parseObject(body.getBytes(StandardCharsets.UTF_8)), "", "message");
      } catch (RuntimeException e) {
        return body.substring(0, Math.min(body.length(), 200)).strip();
      }
    }
  }

  /** Opens a WebSocket. */
  WebSocket webSocket(String target, List<String> subprotocols) {
    return client.webSocket(target, subprotocols);
  }

  /** A value as part of a query. */
  public static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
