package io.kubra.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubra.api.json.Json;
import io.kubra.api.meta.GroupResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.auth.RequestHeaderAuthenticator;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.connect.MachineAddress;
import io.kubra.apiserver.discovery.DiscoveryEndpoint;
import io.kubra.apiserver.openapi.ForeignDocuments;
import io.kubra.apiserver.openapi.OpenApiEndpoint;
import io.kubra.apiserver.pki.CertificateProfile;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.DistinguishedName;
import io.kubra.apiserver.pki.IssuedCertificate;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import io.kubra.metrics.MetricRegistry;
import io.kubra.transport.tls.Pem;
import io.kubra.transport.tls.ServerTls;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second API server, which serves a group of its own, behind the first. */
class SecondServerTest {
  private static final String GROUP = "/apis/wardle.example.com/v1alpha1";
  private static final String FLUNDERS = GROUP + "/namespaces/default/flunders";

  @TempDir Path folder;
  private final Set<String> users = new ConcurrentSkipListSet<>();

  @Test
  void aServerBehindThisOneServesItsOwnGroupWithTypesWatchesAndUsers() throws Exception {
    String address = MachineAddress.find();
    assumeTrue(!address.isEmpty(), "endpoints must not be on loopback, and there is nothing else");
    ClusterPki pki = ClusterPki.open(folder);
    Catalogue catalogue = Catalogue.extensible();
    ForeignDocuments documents = new ForeignDocuments();
    MetricRegistry metrics = new MetricRegistry();
    try (TestingApiServer second = second(pki, address);
        TestingApiServer first =
            TestingApiServer.start(
                b ->
                    b.catalogue(catalogue)
                        .endpoint(o -> new DiscoveryEndpoint(catalogue))
                        .endpoint(o -> new OpenApiEndpoint(catalogue, "v1.36.0", documents)));
        Aggregation aggregation =
            new Aggregation(
                first.objects(),
                first.groups(),
                catalogue,
                pki.frontProxyCertificate("proxy", ClusterIdentities.frontProxyClient())
                    ::keyMaterial,
                documents,
                metrics,
                Clock.systemUTC())) {
      aggregation.start();
      register(first, pki, address, second.address().getPort());
      Response custom =
          send(
              first,
              "POST",
              "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
              "{'metadata':{'name':'zoos.zoo.example.com'},'spec':{'group':'zoo.example.com',"
                  + "'scope':'Cluster','names':{'plural':'zoos','kind':'Zoo'},'versions':[{'name':"
                  + "'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':"
                  + "{'type':'object'}}}]}}");
      assertThat(custom.status()).as(custom.text()).isEqualTo(201);
      Awaitility.await()
          .untilAsserted(() -> assertThat(condition(first)).containsEntry("reason", "Passed"));
      Response made =
          send(
              first,
              "POST",
              FLUNDERS,
              "{'apiVersion':'wardle.example.com/v1alpha1',"
                  + "'kind':'Flunder','metadata':{'name':'a'},'spec':{'size':3}}");
      assertThat(made.status()).as(made.text()).isEqualTo(201);
      assertThat(users).contains("kubernetes-admin");
      assertThat(second.objects().get(flunders(), "default", "a")).isNotNull();
      assertThat(
              send(
                      first,
                      "POST",
                      FLUNDERS,
                      "{'kind':'Flunder','metadata':{'name':'b'}," + "'spec':{'size':'x'}}")
                  .status())
          .isEqualTo(422);
      List<Object> groups = new ArrayList<>();
      Trees.maps(first.send("GET", "/apis", null).tree(), "groups")
          .forEach(g -> groups.add(g.get("name")));
      assertThat(groups.getLast()).isEqualTo("wardle.example.com");
      String v3 = first.send("GET", "/openapi/v3" + GROUP, null).text();
      assertThat(v3)
          .contains("how long a flunder is")
          .contains("com.example.wardle.v1alpha1.Flunder");
      assertThat(first.send("GET", "/openapi/v3", null).text())
          .contains("apis/wardle.example.com/v1alpha1?hash=");
      String v2 = first.send("GET", "/openapi/v2", null).text();
      assertThat(v2).contains("how long a flunder is").contains("io.k8s.api.core.v1.Pod");
      assertThat(new String(metrics.text(), StandardCharsets.UTF_8))
          .contains("aggregator_unavailable_apiservice{name=\"v1alpha1.wardle.example.com\"} 0");
      // without endpoints nobody can be asked, at once
      first.send(
          "DELETE", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/flunders", null);
      assertThat(first.send("GET", FLUNDERS, null).status()).isEqualTo(503);
    } finally {
      pki.close();
    }
  }

  /** Serves flunders to whom the front proxy names, on an address of this machine. */
  private TestingApiServer second(ClusterPki pki, String address) {
    Catalogue catalogue = Catalogue.extensible();
    IssuedCertificate serving =
        pki.certificate(
            "second",
            CertificateProfile.server(
                DistinguishedName.of("second"), List.of("flunders.default.svc"), List.of()));
    var authorities = List.of(pki.frontProxyAuthority().certificate());
    TestingApiServer second =
        TestingApiServer.start(
            b ->
                b.catalogue(catalogue)
                    .bind(
                        new InetSocketAddress(address, 0),
                        new ServerTls(serving::keyMaterial, () -> authorities))
                    .authenticator(
                        o ->
                            x -> {
                              UserInfo local = x.attribute(UserInfo.class);
                              return local != null
                                  ? java.util.Optional.of(local)
                                  : new RequestHeaderAuthenticator(
                                          () -> authorities,
                                          Set.of("front-proxy-client"),
                                          Clock.systemUTC())
                                      .authenticate(x);
                            })
                    .authorizer(
                        o ->
                            request -> {
                              users.add(request.user().name());
                              return Authorizer.ALLOW_ALL.authorize(request);
                            })
                    .endpoint(o -> new DiscoveryEndpoint(catalogue))
                    .endpoint(o -> new OpenApiEndpoint(catalogue, "v1.36.0")));
    second
        .objects()
        .create(
            new GroupResource("apiextensions.k8s.io", "customresourcedefinitions"),
            tree(
                "{'metadata':{'name':'flunders.wardle.example.com'},'spec':{'group':"
                    + "'wardle.example.com','scope':'Namespaced','names':{'plural':'flunders',"
                    + "'kind':'Flunder'},'versions':[{'name':'v1alpha1','served':true,'storage':true,"
                    + "'schema':{'openAPIV3Schema':{'type':'object','properties':{'spec':{'type':"
                    + "'object','properties':{'size':{'type':'integer','description':"
                    + "'how long a flunder is'}}}}}}}]}}"));
    Awaitility.await()
        .until(
            () ->
                second.transport() != null
                    && status(second, UserInfo.of("setup"), "GET", FLUNDERS) == 200);
    return second;
  }

  private static int status(TestingApiServer api, UserInfo user, String method, String path) {
    try (var response =
        api.transport()
            .send(
                io.kubra.transport.http.HttpRequest.of(
                        method,
                        java.net.URI.create(path),
                        new io.kubra.transport.http.HttpHeaders())
                    .withAttribute(UserInfo.class, user))) {
      return response.status();
    }
  }

  private static void register(TestingApiServer api, ClusterPki pki, String address, int port) {
    send(
        api,
        "POST",
        "/api/v1/namespaces/default/services",
        "{'metadata':{'name':'flunders'},'spec':{'ports':[{'name':'https','port':443}]}}");
    send(
        api,
        "POST",
        "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
        ("{'metadata':{'name':'flunders','labels':{'kubernetes.io/service-name':'flunders'}},"
                + "'addressType':'IPv4','ports':[{'name':'https','port':%d}],"
                + "'endpoints':[{'addresses':['%s']}]}")
            .formatted(port, address));
    String bundle =
        Base64.getEncoder().encodeToString(Pem.write(List.of(pki.authority().certificate())));
    Response made =
        send(
            api,
            "POST",
            "/apis/apiregistration.k8s.io/v1/apiservices",
            ("{'metadata':{'name':'v1alpha1.wardle.example.com'},'spec':{'group':"
                    + "'wardle.example.com','version':'v1alpha1','groupPriorityMinimum':100,"
                    + "'versionPriority':15,'service':{'namespace':'default','name':'flunders'},"
                    + "'caBundle':'%s'}}")
                .formatted(bundle));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
  }

  private static GroupResource flunders() {
    return new GroupResource("wardle.example.com", "flunders");
  }

  private static Map<String, Object> condition(TestingApiServer api) {
    Response r =
        api.send(
            "GET", "/apis/apiregistration.k8s.io/v1/apiservices/v1alpha1.wardle.example.com", null);
    List<Map<String, Object>> conditions = Trees.maps(r.tree(), "status", "conditions");
    return conditions.isEmpty() ? Map.of() : conditions.getFirst();
  }

  private static Response send(TestingApiServer api, String method, String path, String json) {
    return api.send(method, path, tree(json));
  }

  private static Map<String, Object> tree(String json) {
    return Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
