package io.kubra.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.protobuf.OpenApiV2Proto;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.transport.http.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The documents as clients ask for them. */
class OpenApiEndpointTest {
  private static TestingApiServer server;

  @BeforeAll
  static void start() {
    server =
        TestingApiServer.start(
            b -> b.endpoint(o -> new OpenApiEndpoint(Catalogue.builtin(), "v1.36.0")));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static TestingApiServer.Response get(String path, String... headers) {
    HttpHeaders all = new HttpHeaders();
    for (int i = 0; i < headers.length; i += 2) {
      all.set(headers[i], headers[i + 1]);
    }
    return server.send("GET", path, all, new byte[0]);
  }

  @Test
  void theIndexLeadsToEveryDocument() {
    Map<String, Object> paths = Trees.map(get("/openapi/v3").tree(), "paths");
    assertThat(paths).containsKeys("api/v1", "apis/apps/v1", "apis/autoscaling/v2");
    for (Object path : paths.values()) {
      String url = Trees.stringOr(path, "", "serverRelativeURL");
      TestingApiServer.Response document = get(url);
      assertThat(document.status()).as(url).isEqualTo(200);
      assertThat(document.headers().get("Cache-Control")).isEqualTo("public, immutable");
      assertThat(document.tree()).containsEntry("openapi", "3.0.0");
    }
  }

  @Test
  void aDocumentThatTheClientHasIsNotSentAgain() {
    String etag = get("/openapi/v3/api/v1").headers().get("ETag");
    TestingApiServer.Response again = get("/openapi/v3/api/v1", "If-None-Match", etag);
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void anOldHashIsRedirectedToTheNewOne() {
    TestingApiServer.Response response = get("/openapi/v3/api/v1?hash=OLD");
    assertThat(response.status()).isEqualTo(301);
    assertThat(response.headers().get("Location")).startsWith("/openapi/v3/api/v1?hash=");
  }

  @Test
  void aGroupThatDoesNotExistIsNotFound() {
    assertThat(get("/openapi/v3/apis/nope/v1").status()).isEqualTo(404);
  }

  @Test
  void documentsAreCompressedForThoseWhoAcceptIt() throws Exception {
    TestingApiServer.Response response = get("/openapi/v2", "Accept-Encoding", "gzip");
    assertThat(response.headers().get("Content-Encoding")).isEqualTo("gzip");
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      assertThat(in.readAllBytes()).isEqualTo(get("/openapi/v2").body());
    }
  }

  @Test
  void patchOperationsTakeFieldValidation() {
    Object patch =
        Trees.get(
            get("/openapi/v3/apis/apps/v1").tree(),
            "paths",
            "/apis/apps/v1/namespaces/{namespace}/deployments/{name}",
            "patch");
    assertThat(Trees.maps(patch, "parameters"))
        .extracting(p -> p.get("name"))
        .contains("dryRun", "fieldManager", "fieldValidation", "force");
    assertThat(Trees.map(patch, "x-kubernetes-group-version-kind"))
        .containsEntry("group", "apps")
        .containsEntry("kind", "Deployment");
    assertThat(Trees.string(patch, "x-kubernetes-action")).isEqualTo("patch");
  }

  @Test
  void schemasSayHowListsAndMapsMerge() {
    Map<String, Object> schemas =
        Trees.map(get("/openapi/v3/api/v1").tree(), "components", "schemas");
    Object containers =
        Trees.get(schemas, "io.k8s.api.core.v1.PodSpec", "properties", "containers");
    assertThat(Trees.string(containers, "x-kubernetes-list-type")).isEqualTo("map");
    assertThat(Trees.list(containers, "x-kubernetes-list-map-keys")).isEqualTo(List.of("name"));
    assertThat(Trees.string(containers, "x-kubernetes-patch-merge-key")).isEqualTo("name");
    assertThat(Trees.string(containers, "x-kubernetes-patch-strategy")).isEqualTo("merge");
    assertThat(Trees.string(containers, "description")).isNotEmpty();
    assertThat(Trees.strings(schemas, "io.k8s.api.core.v1.PodSpec", "required"))
        .containsExactly("containers");
    Object selector =
        Trees.get(schemas, "io.k8s.api.core.v1.ServiceSpec", "properties", "selector");
    assertThat(Trees.string(selector, "x-kubernetes-map-type")).isEqualTo("atomic");
    Object port = Trees.get(schemas, "io.k8s.apimachinery.pkg.util.intstr.IntOrString", "format");
    assertThat(port).isEqualTo("int-or-string");
  }

  @Test
  void everyReferenceLeadsToASchemaOfTheSameDocument() {
    for (String path : List.of("/openapi/v3/api/v1", "/openapi/v3/apis/apps/v1", "/openapi/v2")) {
      Map<String, Object> document = get(path).tree();
      TreeSet<String> references = new TreeSet<>();
      collect(document, references);
      for (String reference : references) {
        String[] steps = reference.substring(2).split("/", -1);
        assertThat(Trees.get(document, steps)).as(path + " " + reference).isNotNull();
      }
    }
  }

  @Test
  void olderClientsGetVersion2AsProtobuf() {
    for (String type :
        List.of(
            OpenApiV2Proto.MEDIA_TYPE,
            "application/com.github.proto-openapi.spec.v2@v1.0+protobuf")) {
      TestingApiServer.Response response = get("/openapi/v2", "Accept", type);
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.headers().get("Content-Type")).isEqualTo(OpenApiV2Proto.MEDIA_TYPE);
      assertThat(response.body()).isNotEmpty();
    }
    assertThat(get("/openapi/v2", "Accept", "text/html").status()).isEqualTo(406);
  }

  private static void collect(Object tree, TreeSet<String> references) {
    if (tree instanceof Map<?, ?> map) {
      if (map.get("$ref") instanceof String reference) {
        references.add(reference);
      }
      map.values().forEach(v -> collect(v, references));
    } else if (tree instanceof List<?> list) {
      list.forEach(v -> collect(v, references));
    }
  }
}
