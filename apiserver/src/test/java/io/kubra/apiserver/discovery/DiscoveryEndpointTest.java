package io.kubra.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.protobuf.ProtobufCodec;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.transport.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DiscoveryEndpointTest {
  private static final String AGGREGATED =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
          + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,"
          + "application/json";
  private static TestingApiServer server;

  @BeforeAll
  static void start() {
    server =
        TestingApiServer.start(b -> b.endpoint(o -> new DiscoveryEndpoint(Catalogue.builtin())));
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

  private static Map<String, Object> named(
      List<Map<String, Object>> list, String key, String name) {
    return list.stream().filter(o -> name.equals(o.get(key))).findFirst().orElseThrow();
  }

  @Test
  void aVersionListsItsResourcesAndTheirSubresources() {
    Map<String, Object> list = get("/api/v1").tree();
    assertThat(list).containsEntry("kind", "APIResourceList").containsEntry("groupVersion", "v1");
    List<Map<String, Object>> resources = Trees.maps(list, "resources");
    assertThat(named(resources, "name", "pods"))
        .containsEntry("singularName", "pod")
        .containsEntry("namespaced", true)
        .containsEntry("shortNames", List.of("po"))
        .containsEntry("categories", List.of("all"))
        .containsEntry("storageVersionHash", "xPOwRZ+Yhw8=");
    assertThat(named(resources, "name", "pods/eviction"))
        .containsEntry("group", "policy")
        .containsEntry("version", "v1")
        .containsEntry("kind", "Eviction");
  }

  @Test
  void groupsSayWhichVersionIsPreferred() {
    Map<String, Object> group =
        named(Trees.maps(get("/apis").tree(), "groups"), "name", "autoscaling");
    assertThat(Trees.string(group, "preferredVersion", "groupVersion")).isEqualTo("autoscaling/v2");
    assertThat(get("/apis/autoscaling").tree()).containsEntry("kind", "APIGroup");
    assertThat(get("/apis/autoscaling/v1").status()).isEqualTo(200);
    assertThat(get("/apis/autoscaling/v9").status()).isEqualTo(404);
    assertThat(get("/apis/nothing").status()).isEqualTo(404);
  }

  @Test
  void onlyStableVersionsAreOffered() {
    assertThat(get("/apis").text()).doesNotContain("beta").doesNotContain("alpha");
  }

  @Test
  void aggregatedDiscoverySaysEverythingAtOnce() {
    TestingApiServer.Response response = get("/apis", "Accept", AGGREGATED);
    assertThat(response.headers().get("Content-Type"))
        .isEqualTo("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
    Map<String, Object> apps =
        Trees.maps(response.tree(), "items").stream()
            .filter(i -> "apps".equals(Trees.string(i, "metadata", "name")))
            .findFirst()
            .orElseThrow();
    Map<String, Object> version = Trees.maps(apps, "versions").getFirst();
    assertThat(version).containsEntry("freshness", "Current");
    assertThat(named(Trees.maps(version, "resources"), "resource", "deployments"))
        .containsEntry("scope", "Namespaced")
        .containsEntry(
            "responseKind", Map.of("group", "apps", "version", "v1", "kind", "Deployment"));
  }

  @Test
  void whatTheClientHasIsNotSentAgain() {
    String etag = get("/apis", "Accept", AGGREGATED).headers().get("ETag");
    assertThat(get("/apis", "Accept", AGGREGATED, "If-None-Match", etag).status()).isEqualTo(304);
    assertThat(get("/api", "Accept", AGGREGATED, "If-None-Match", etag).status()).isEqualTo(200);
  }

  @Test
  void protobufIsSpokenToWhoAsksForIt() {
    for (String path : List.of("/apis", "/apis/apps", "/apis/apps/v1", "/api/v1")) {
      TestingApiServer.Response response = get(path, "Accept", ProtobufCodec.MEDIA_TYPE);
      assertThat(response.status()).as(path).isEqualTo(200);
      assertThat(ProtobufCodec.decode(response.body())).as(path).containsKey("kind");
    }
  }

  @Test
  void unknownFormsAreRefused() {
    assertThat(get("/apis", "Accept", "text/html").status()).isEqualTo(406);
  }
}
