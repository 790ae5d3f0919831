package io.kubra.apiserver.rest;

import static io.kubra.apiserver.rest.ConfigMaps.PATH;
import static io.kubra.apiserver.rest.ConfigMaps.configMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.protobuf.ProtobufCodec;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProtobufTest {
  private static final HttpHeaders BOTH_WAYS =
      HttpHeaders.of("Content-Type", ProtobufCodec.MEDIA_TYPE, "Accept", ProtobufCodec.MEDIA_TYPE);
  private static TestingApiServer api;

  @BeforeAll
  static void start() {
    api = TestingApiServer.start();
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void objectsAndErrorsTravelInProtobuf() {
    Response created =
        api.send("POST", PATH, BOTH_WAYS, ProtobufCodec.encode(configMap("pb", "v")));
    assertThat(created.status()).isEqualTo(201);
    Map<String, Object> tree = ProtobufCodec.decode(created.body());
    assertThat(Trees.string(tree, "data", "k")).isEqualTo("v");
    assertThat(Trees.string(tree, "metadata", "resourceVersion")).isNotNull();
    Response missing = api.send("GET", PATH + "/nope", BOTH_WAYS, new byte[0]);
    assertThat(missing.status()).isEqualTo(404);
    assertThat(ProtobufCodec.decode(missing.body())).containsEntry("reason", "NotFound");
    Response list = api.send("GET", PATH, BOTH_WAYS, new byte[0]);
    assertThat(ProtobufCodec.decode(list.body())).containsEntry("kind", "ConfigMapList");
  }

  @Test
  void watchEventsAreFramed() throws IOException {
    api.send("POST", PATH, configMap("framed", "v"));
    try (HttpClientResponse watch =
        api.transport()
            .send(
                HttpRequest.of(
                    "GET",
                    URI.create(PATH + "?watch=1&fieldSelector=metadata.name%3Dframed"),
                    HttpHeaders.of(
                        "Accept", ProtobufCodec.MEDIA_TYPE + ";stream=watch,application/json")))) {
      assertThat(watch.headers().get("Content-Type"))
          .isEqualTo(ProtobufCodec.MEDIA_TYPE + ";stream=watch");
      DataInputStream in = new DataInputStream(watch.body());
      byte[] frame = new byte[in.readInt()];
      in.readFully(frame);
      String text = new String(frame, StandardCharsets.ISO_8859_1);
      assertThat(text).contains("ADDED").contains("k8s\0").contains("framed");
    }
  }
}
