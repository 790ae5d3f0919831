package io.kubra.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubra.api.json.Json;
import io.kubra.api.schema.Catalogue;
import io.kubra.apiserver.ApiServer;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.connect.MachineAddress;
import io.kubra.apiserver.discovery.DiscoveryEndpoint;
import io.kubra.apiserver.openapi.ForeignDocuments;
import io.kubra.apiserver.pki.CertificateProfile;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.DistinguishedName;
import io.kubra.apiserver.pki.IssuedCertificate;
import io.kubra.apiserver.rules.BuiltinRules;
import io.kubra.metrics.MetricRegistry;
import io.kubra.store.Store;
import io.kubra.store.embedded.EmbeddedStore;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.HttpServer;
import io.kubra.transport.io.RawConnection;
import io.kubra.transport.local.LocalTransport;
import io.kubra.transport.tls.Pem;
import io.kubra.transport.tls.ServerTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AggregationTest {
  private static final String SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";

  @TempDir Path folder;

  @Test
  void anotherServerIsReachedUnderTheUsersName() throws Exception {
    String address = MachineAddress.find();
    assumeTrue(!address.isEmpty(), "endpoints must not be on loopback, and there is nothing else");
    ClusterPki pki = ClusterPki.open(folder);
    IssuedCertificate serving =
        pki.certificate(
            "backend",
            CertificateProfile.server(
                DistinguishedName.of("backend"), List.of("flunders.default.svc"), List.of()));
    IssuedCertificate key =
        pki.frontProxyCertificate("front-proxy-client", ClusterIdentities.frontProxyClient());
    Catalogue catalogue = Catalogue.extensible();
    try (HttpServer backend =
            HttpServer.builder()
                .bind(new InetSocketAddress(address, 0))
                .tls(
                    new ServerTls(
                        serving::keyMaterial,
                        () -> List.of(pki.frontProxyAuthority().certificate())))
                .handler(AggregationTest::answer)
                .start();
        Store store = EmbeddedStore.inMemory();
        ApiServer server =
            ApiServer.builder(store)
                .rules(BuiltinRules.registry())
                .catalogue(catalogue)
                .endpoint(o -> new DiscoveryEndpoint(catalogue))
                .authenticator(o -> x -> Optional.of(UserInfo.of("ann", "dev")))
                .bind(new InetSocketAddress("127.0.0.1", 0), null)
                .build();
        Aggregation aggregation =
            new Aggregation(
                server.objects(),
                server.groups(),
                catalogue,
                key::keyMaterial,
                new ForeignDocuments(),
                new MetricRegistry(),
                Clock.systemUTC())) {
      server.start();
      server.awaitReady();
      aggregation.start();
      LocalTransport api = new LocalTransport(server.handler());
      create(
          api,
          "/api/v1/namespaces/default/services",
          "{'metadata':{'name':'flunders'},'spec':{'ports':[{'name':'https','port':443}]}}");
      create(
          api,
          "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
          "{'metadata':{'name':'flunders','labels':{'kubernetes.io/service-name':'flunders'}},"
              + "'addressType':'IPv4','ports':[{'name':'https','port':%d}],"
                  .formatted(backend.address().getPort())
              + "'endpoints':[{'addresses':['%s']}]}".formatted(address));
      String bundle =
          Base64.getEncoder().encodeToString(Pem.write(List.of(pki.authority().certificate())));
      create(
          api,
          SERVICES,
          "{'metadata':{'name':'v1alpha1.wardle.example.com'},'spec':{'group':"
              + "'wardle.example.com','version':'v1alpha1','groupPriorityMinimum':1000,"
              + "'versionPriority':15,'service':{'namespace':'default','name':'flunders'},"
              + "'caBundle':'"
              + bundle
              + "'}}");
      String name = SERVICES + "/v1alpha1.wardle.example.com";
      Awaitility.await()
          .atMost(10, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(get(api, name)).contains("all checks passed"));
      assertThat(get(api, "/apis/wardle.example.com/v1alpha1")).contains("flunders");
      String answer = get(api, "/apis/wardle.example.com/v1alpha1/namespaces/default/flunders/a");
      assertThat(answer).contains("\"user\":\"ann\"", "[\"dev\"]", "front-proxy-client");
      assertThat(echo(server.address().getPort(), "/apis/wardle.example.com/v1alpha1/echo"))
          .isEqualTo("ann says: hello");
      Awaitility.await()
          .atMost(10, TimeUnit.SECONDS)
          .untilAsserted(
              () ->
                  assertThat(get(api, SERVICES + "/v1.apps"))
                      .contains("Local APIServices are always available"));
      send(api, "DELETE", name, "");
      Awaitility.await()
          .atMost(10, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(get(api, "/apis")).doesNotContain("wardle"));
    } finally {
      pki.close();
    }
  }

  /** Talks over an upgraded connection. */
  private static String echo(int port, String path) throws IOException {
    try (HttpClient client = HttpClient.builder().build();
        RawConnection raw =
            client
                .connectUpgrade(
                    HttpRequest.of(
                        "GET",
                        URI.create("http://127.0.0.1:" + port + path),
                        HttpHeaders.of("Connection", "Upgrade", "Upgrade", "echo")))
                .connection()) {
      raw.out().write("hello".getBytes(StandardCharsets.UTF_8));
      raw.out().flush();
      return new String(raw.in().readNBytes("ann says: hello".length()), StandardCharsets.UTF_8);
    }
  }

  /** Plays the other server. */
  private static void answer(HttpExchange exchange) {
    if (exchange.headers().hasToken("Connection", "upgrade")) {
      String user = exchange.headers().getOr("X-Remote-User", "");
      try (RawConnection raw =
          exchange.acceptUpgrade(HttpHeaders.of("Connection", "Upgrade", "Upgrade", "echo"))) {
        byte[] said = raw.in().readNBytes(5);
        raw.out().write((user + " says: ").getBytes(StandardCharsets.UTF_8));
        raw.out().write(said);
        raw.out().flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return;
    }
    Map<String, Object> body =
        exchange.rawPath().endsWith("v1alpha1")
            ? Json.parseObject(
                ("{\"kind\":\"APIResourceList\",\"groupVersion\":\"wardle.example.com/v1alpha1\","
                        + "\"resources\":[{\"name\":\"flunders\",\"kind\":\"Flunder\","
                        + "\"namespaced\":true,\"singularName\":\"flunder\","
                        + "\"verbs\":[\"get\",\"list\"]}]}")
                    .getBytes(StandardCharsets.UTF_8))
            : Map.of(
                "user", exchange.headers().getOr("X-Remote-User", ""),
                "groups", exchange.headers().all("X-Remote-Group"),
                "certificate",
                    exchange.peerCertificates().getFirst().getSubjectX500Principal().getName());
    exchange.respond(200, HttpHeaders.of("Content-Type", "application/json"), Json.write(body));
  }

  private static void create(LocalTransport api, String path, String json) {
    String answer = send(api, "POST", path, json.replace('\'', '"'));
    assertThat(answer).contains("creationTimestamp");
  }

  private static String get(LocalTransport api, String path) {
    return send(api, "GET", path, "");
  }

  private static String send(LocalTransport api, String method, String path, String body) {
    HttpRequest request =
        HttpRequest.of(
                method,
                URI.create(path),
                HttpHeaders.of("Content-Type", "application/json", "X-Remote-User", "root"),
                body.getBytes(StandardCharsets.UTF_8))
            .withAttribute(UserInfo.class, UserInfo.of("ann", "dev"));
    try (HttpClientResponse response = api.send(request)) {
      return new String(response.bytes(), StandardCharsets.UTF_8);
    }
  }
}
