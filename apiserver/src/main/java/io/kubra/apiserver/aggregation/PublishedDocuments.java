package io.kubra.apiserver.aggregation;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.meta.GroupVersion;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.openapi.DocumentMerge;
import io.kubra.apiserver.openapi.ForeignDocuments;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.TransportException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The OpenAPI documents that another server publishes of a group version. Used by one thread. */
final class PublishedDocuments {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MOST_BYTES = 64 * 1024 * 1024;
  private static final Logger log = LoggerFactory.getLogger(PublishedDocuments.class);

  private final GroupVersion version;
  private final HttpClient client;
  private String indexTag = "";
  private String documentUrl = "";
  private String v2Tag = "";
  private byte @Nullable [] v3;
  private @Nullable Map<String, Object> v2;
  private boolean changed;

  /** What was answered; no body if nothing has changed. */
  private record Answer(int status, String tag, byte[] body) {}

  PublishedDocuments(GroupVersion version, HttpClient client) {
    this.version = version;
    this.client = client;
  }

  /** Asks for what has changed. A server without documents, or with broken ones, has none. */
  void refresh(URI base) {
    try {
      refreshV3(base);
      refreshV2(base);
    } catch (TransportException | JsonSyntaxException | IOException e) {
      log.debug("the OpenAPI documents of {} cannot be read: {}", version, e.getMessage());
    }
  }

  private void refreshV3(URI base) throws IOException {
    Answer index = get(base + "/openapi/v3", indexTag);
    if (index.status() == 304) {
      return;
    }
    String url =
        index.status() != 200
            ? ""
            : Trees.stringOr(
                Json.parseObject(index.body()),
                "",
                "paths",
                "apis/" + version,
                "serverRelativeURL");
    if (url.startsWith("/") && url.equals(documentUrl)) {
      indexTag = index.tag();
      return;
    }
    byte[] next = null;
    if (url.startsWith("/")) {
      Answer document = get(base + url, "");
      if (document.status() == 200) {
        Json.parseObject(document.body());
        next = document.body();
      }
    }
    indexTag = index.tag();
    documentUrl = next == null ? "" : url;
    changed |= !Arrays.equals(v3, next);
    v3 = next;
  }

  private void refreshV2(URI base) throws IOException {
    Answer answer = get(base + "/openapi/v2", v2Tag);
    if (answer.status() == 304) {
      return;
    }
    Map<String, Object> next =
        answer.status() != 200
            ? null
            : DocumentMerge.part(Json.parseObject(answer.body()), "/apis/" + version + "/");
    v2Tag = answer.tag();
    changed |= next == null ? v2 != null : !Trees.equal(v2, next);
    v2 = next;
  }

  private Answer get(String url, String known) throws IOException {
    HttpHeaders headers = HttpHeaders.of("Accept", "application/json");
    Backend.identify(headers, UserInfo.of("system:aggregator", UserInfo.MASTERS));
    if (!known.isEmpty()) {
      headers.set("If-None-Match", known);
    }
    HttpRequest request = HttpRequest.of("GET", URI.create(url), headers).withTimeout(TIMEOUT);
    try (HttpClientResponse response = client.send(request)) {
      byte[] body = response.body().readNBytes(MOST_BYTES + 1);
      if (body.length > MOST_BYTES) {
        throw new IOException("the document at " + url + " is too large");
      }
      return new Answer(response.status(), response.headers().getOr("ETag", ""), body);
    }
  }

  /** Hands over what is there, if it is not what it was. */
  void publish(ForeignDocuments to) {
    if (changed) {
      changed = false;
      to.put(version, new ForeignDocuments.Documents(v3, v2));
    }
  }
}
