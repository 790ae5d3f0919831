package io.kubra.apiserver.rest;

import static io.kubra.apiserver.rest.ConfigMaps.PATH;
import static io.kubra.apiserver.rest.ConfigMaps.create;
import static io.kubra.apiserver.rest.ConfigMaps.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchVerbTest {
  private TestingApiServer api;

  @BeforeEach
  void start() {
    api = TestingApiServer.start();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  /** A watch whose events are read one by one. */
  private final class Events implements AutoCloseable {
    private final HttpClientResponse response;
    private final BufferedReader lines;

    Events(String query) {
      this(query, "application/json");
    }

    Events(String query, String accept) {
      response =
          api.transport()
              .send(
                  HttpRequest.of(
                      "GET",
                      URI.create(PATH + "?watch=1" + query),
                      HttpHeaders.of("Accept", accept)));
      assertThat(response.status()).isEqualTo(200);
      lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    @Nullable Map<String, Object> next() throws IOException {
      String line = lines.readLine();
      return line == null ? null : ConfigMaps.tree(line);
    }

    void expect(String type, String name) throws IOException {
      Map<String, Object> event = next();
      assertThat(event).isNotNull();
      assertThat(event.get("type") + " " + Trees.string(event, "object", "metadata", "name"))
          .isEqualTo(type + " " + name);
    }

    @Override
    public void close() {
      response.close();
    }
  }

  private void label(String name, String value) {
    api.send(
        "PATCH",
        PATH + "/" + name,
        "application/merge-patch+json",
        ("{\"metadata\":{\"labels\":{\"app\":\"" + value + "\"}}}")
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aWatchFromARevisionTellsEverythingAfterIt() throws IOException {
    String from = version(create(api, "a", "x"));
    create(api, "b", "x");
    try (Events events = new Events("&resourceVersion=" + from)) {
      events.expect("ADDED", "b");
      label("a", "y");
      events.expect("MODIFIED", "a");
      api.send("DELETE", PATH + "/a", null);
      Map<String, Object> deleted = events.next();
      assertThat(deleted).containsEntry("type", "DELETED");
      assertThat(
              Long.parseLong(Trees.stringOr(deleted, "", "object", "metadata", "resourceVersion")))
          .isEqualTo(api.store().revision());
    }
  }

  @Test
  void aWatchWithoutRevisionBeginsWithWhatIsThere() throws IOException {
    create(api, "a", "x");
    create(api, "b", "x");
    try (Events events = new Events("")) {
      events.expect("ADDED", "a");
      events.expect("ADDED", "b");
      create(api, "c", "x");
      events.expect("ADDED", "c");
    }
  }

  @Test
  void aStreamedListEndsWithABookmark() throws IOException {
    create(api, "a", "x");
    try (Events events =
        new Events(
            "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true")) {
      events.expect("ADDED", "a");
      Map<String, Object> bookmark = events.next();
      assertThat(bookmark).containsEntry("type", "BOOKMARK");
      assertThat(Trees.get(bookmark, "object", "metadata", "annotations"))
          .isEqualTo(Map.of("k8s.io/initial-events-end", "true"));
      assertThat(Trees.string(bookmark, "object", "kind")).isEqualTo("ConfigMap");
    }
  }

  @Test
  void objectsThatEnterOrLeaveTheSelectionAreAddedOrDeleted() throws IOException {
    create(api, "a", "red");
    String from = version(create(api, "b", "green"));
    try (Events events = new Events("&labelSelector=app%3Dred&resourceVersion=" + from)) {
      label("b", "red");
      events.expect("ADDED", "b");
      label("a", "green");
      Map<String, Object> left = events.next();
      assertThat(left).containsEntry("type", "DELETED");
      assertThat(Trees.string(left, "object", "metadata", "labels", "app")).isEqualTo("red");
      label("b", "red");
      api.send("DELETE", PATH + "/b", null);
      events.expect("DELETED", "b");
    }
  }

  @Test
  void theTimeoutEndsAWatchWithABookmark() throws IOException {
    String from = version(create(api, "a", "x"));
    try (Events events =
        new Events("&timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=" + from)) {
      Map<String, Object> bookmark = events.next();
      assertThat(bookmark).containsEntry("type", "BOOKMARK");
      assertThat(events.next()).isNull();
    }
  }

  @Test
  void aTooOldRevisionIsAnErrorEvent() throws IOException {
    create(api, "a", "x");
    api.send("GET", PATH, null);
    api.store().compact(api.store().revision());
    try (Events events = new Events("&resourceVersion=1")) {
      Map<String, Object> error = events.next();
      assertThat(error).containsEntry("type", "ERROR");
      assertThat(Trees.integer(error, "object", "code")).isEqualTo(410);
      assertThat(Trees.string(error, "object", "message"))
          .startsWith("too old resource version: 1 (");
    }
  }

  @Test
  void tablesAreWatchedRowByRow() throws IOException {
    create(api, "a", "x");
    try (Events events =
        new Events("", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")) {
      Map<String, Object> first = events.next();
      assertThat(Trees.string(first, "object", "kind")).isEqualTo("Table");
      assertThat(Trees.maps(first, "object", "columnDefinitions")).isNotEmpty();
      create(api, "b", "x");
      Map<String, Object> second = events.next();
      assertThat(Trees.maps(second, "object", "columnDefinitions")).isEmpty();
      assertThat(Trees.list(Trees.maps(second, "object", "rows").getFirst(), "cells").getFirst())
          .isEqualTo("b");
    }
  }
}
