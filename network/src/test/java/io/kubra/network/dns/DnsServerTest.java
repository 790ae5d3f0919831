package io.kubra.network.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.rules.BuiltinRules;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.client.ApiClient;
import io.kubra.client.informer.InformerFactory;
import io.kubra.model.KubernetesObject;
import io.kubra.model.core.v1.Namespace;
import io.kubra.model.core.v1.Service;
import io.kubra.model.core.v1.ServicePort;
import io.kubra.model.core.v1.ServiceSpec;
import io.kubra.model.discovery.v1.Endpoint;
import io.kubra.model.discovery.v1.EndpointConditions;
import io.kubra.model.discovery.v1.EndpointPort;
import io.kubra.model.discovery.v1.EndpointSlice;
import io.kubra.model.meta.v1.ObjectMeta;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** DNS as clients see it, over UDP and TCP, from objects in a real API server. */
class DnsServerTest {
  private static final String MANY = "many.team.svc.cluster.local";

  @TempDir static Path folder;

  private static TestingApiServer server;
  private static InformerFactory informers;
  private static DnsServer dns;
  private static String webIp;

  @BeforeAll
  static void start() throws Exception {
    server = TestingApiServer.start(b -> b.rules(BuiltinRules.registry()));
    ApiClient client =
        ApiClient.local(
            server.transport(), UserInfo.class, UserInfo.of("test", UserInfo.MASTERS), "test");
    create(client, Namespace.builder().metadata(ObjectMeta.builder().name("team").build()).build());
    webIp =
        String.valueOf(
            client
                .resource(Service.RESOURCE)
                .create(service("web", ServiceSpec.builder().ports(List.of(http()))))
                .spec()
                .clusterIP());
    create(client, service("db", ServiceSpec.builder().clusterIP("None").ports(List.of(http()))));
    create(
        client,
        service(
            "elsewhere",
            ServiceSpec.builder().type("ExternalName").externalName("db.example.org")));
    create(client, service("many", ServiceSpec.builder().clusterIP("None")));
    create(
        client,
        slice(
            "db",
            List.of(
                endpoint("10.244.1.5", "db-0", true),
                endpoint("10.244.1.6", null, true),
                endpoint("10.244.1.7", "db-2", false))));
    List<Endpoint> many = new ArrayList<>();
    for (int i = 1; i <= 90; i++) {
      many.add(endpoint("10.244.9." + i, null, true));
    }
    create(client, slice("many", many));
    Path resolvConf = Files.writeString(folder.resolve("resolv.conf"), "search example.org\n");
    informers = new InformerFactory(client);
    dns =
        new DnsServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            "cluster.local",
            resolvConf,
            informers);
    informers.start();
    await().until(() -> ask(MANY, Type.A).getRcode() == Rcode.NOERROR);
  }

  @AfterAll
  static void stop() {
    dns.close();
    informers.close();
    server.close();
  }

  @Test
  void aServiceHasItsClusterIp() throws IOException {
    Message answer = ask("web.team.svc.cluster.local", Type.A);
    assertThat(data(answer)).containsExactly(webIp);
    assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
    assertThat(answer.getSection(Section.ANSWER).getFirst().getTTL()).isEqualTo(5);
  }

  @Test
  void namesAreFoundInAnyCase() throws IOException {
    assertThat(data(ask("WEB.Team.svc.Cluster.LOCAL", Type.A))).containsExactly(webIp);
  }

  @Test
  void aServiceWithoutIpv6HasAnEmptyAnswerForIt() throws IOException {
    Message answer = ask("web.team.svc.cluster.local", Type.AAAA);
    assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(answer.getSection(Section.ANSWER)).isEmpty();
    assertThat(answer.getSection(Section.AUTHORITY))
        .singleElement()
        .satisfies(r -> assertThat(r.getType()).isEqualTo(Type.SOA));
  }

  @Test
  void aNamedPortHasAServiceRecord() throws IOException {
    assertThat(data(ask("_http._tcp.web.team.svc.cluster.local", Type.SRV)))
        .singleElement()
        .asString()
        .endsWith(" 80 web.team.svc.cluster.local.");
  }

  @Test
  void aHeadlessServiceHasTheAddressesOfItsReadyPods() throws IOException {
    assertThat(data(ask("db.team.svc.cluster.local", Type.A)))
        .containsExactlyInAnyOrder("10.244.1.5", "10.244.1.6");
  }

  @Test
  void aPodOfAHeadlessServiceHasANameOfItsOwn() throws IOException {
    assertThat(data(ask("db-0.db.team.svc.cluster.local", Type.A))).containsExactly("10.244.1.5");
    assertThat(data(ask("10-244-1-6.db.team.svc.cluster.local", Type.A)))
        .containsExactly("10.244.1.6");
    assertThat(ask("db-2.db.team.svc.cluster.local", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
  }

  @Test
  void servicePortsOfAHeadlessServiceNameItsPods() throws IOException {
    assertThat(data(ask("_http._tcp.db.team.svc.cluster.local", Type.SRV)))
        .hasSize(2)
        .anyMatch(d -> d.endsWith(" 8080 db-0.db.team.svc.cluster.local."));
  }

  @Test
  void anExternalNameIsAnAlias() throws IOException {
    Message answer = ask("elsewhere.team.svc.cluster.local", Type.A);
    assertThat(answer.getSection(Section.ANSWER).getFirst().getType()).isEqualTo(Type.CNAME);
    assertThat(data(answer)).containsExactly("db.example.org.");
  }

  @Test
  void addressesLeadBackToNames() throws IOException {
    assertThat(data(ask(reverse(webIp), Type.PTR))).containsExactly("web.team.svc.cluster.local.");
    assertThat(data(ask(reverse("10.244.1.5"), Type.PTR)))
        .containsExactly("db-0.db.team.svc.cluster.local.");
  }

  @Test
  void aPodsAddressIsANameToo() throws IOException {
    assertThat(data(ask("10-244-3-4.team.pod.cluster.local", Type.A)))
        .containsExactly("10.244.3.4");
  }

  @Test
  void whatDoesNotExistIsDenied() throws IOException {
    for (String name :
        List.of(
            "nothing.team.svc.cluster.local", "web.other.svc.cluster.local", "x.cluster.local")) {
      assertThat(ask(name, Type.A).getRcode()).as(name).isEqualTo(Rcode.NXDOMAIN);
    }
  }

  @Test
  void aNamespaceWithServicesExistsWithoutRecords() throws IOException {
    assertThat(ask("team.svc.cluster.local", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void longAnswersAreCutOverUdpAndCompleteOverTcp() throws IOException {
    SimpleResolver plain = resolver(false);
    plain.setEDNS(-1);
    plain.setIgnoreTruncation(true);
    Message cut = plain.send(query(MANY, Type.A));
    assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(cut.toWire().length).isLessThanOrEqualTo(512);
    assertThat(data(resolver(true).send(query(MANY, Type.A)))).hasSize(90);
  }

  @Test
  void foreignNamesFailWithoutAResolver() throws IOException {
    assertThat(ask("example.org", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
  }

  private static SimpleResolver resolver(boolean tcp) throws IOException {
    SimpleResolver resolver =
        new SimpleResolver(new InetSocketAddress(InetAddress.getLoopbackAddress(), dns.port()));
    resolver.setTCP(tcp);
    return resolver;
  }

  private static Message query(String name, int type) throws IOException {
    return Message.newQuery(Record.newRecord(Name.fromString(name + "."), type, DClass.IN));
  }

  private static Message ask(String name, int type) throws IOException {
    return resolver(false).send(query(name, type));
  }

  private static List<String> data(Message answer) {
    return answer.getSection(Section.ANSWER).stream().map(Record::rdataToString).toList();
  }

  private static String reverse(String ip) {
    return String.join(".", List.of(ip.split("\\.")).reversed()) + ".in-addr.arpa";
  }

  private static void create(ApiClient client, KubernetesObject object) {
    switch (object) {
      case Namespace n -> client.resource(Namespace.RESOURCE).create(n);
      case Service s -> client.resource(Service.RESOURCE).create(s);
      case EndpointSlice e -> client.resource(EndpointSlice.RESOURCE).create(e);
      default -> throw new IllegalArgumentException(object.kind());
    }
  }

  private static ServicePort http() {
    return ServicePort.builder().name("http").port(80).build();
  }

  private static Service service(String name, ServiceSpec.Builder spec) {
    return Service.builder()
        .metadata(ObjectMeta.builder().namespace("team").name(name).build())
        .spec(spec.build())
        .build();
  }

  private static EndpointSlice slice(String service, List<Endpoint> endpoints) {
    return EndpointSlice.builder()
        .metadata(
            ObjectMeta.builder()
                .namespace("team")
                .name(service + "-1")
                .labels(Map.of("kubernetes.io/service-name", service))
                .build())
        .addressType("IPv4")
        .ports(List.of(EndpointPort.builder().name("http").port(8080).protocol("TCP").build()))
        .endpoints(endpoints)
        .build();
  }

  private static Endpoint endpoint(
      String ip, @org.jspecify.annotations.Nullable String hostname, boolean ready) {
    return Endpoint.builder()
        .addresses(List.of(ip))
        .hostname(hostname)
        .conditions(EndpointConditions.builder().ready(ready).build())
        .build();
  }
}
