package io.kubra.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.model.core.v1.Service;
import io.kubra.model.core.v1.ServicePort;
import io.kubra.model.core.v1.ServiceSpec;
import io.kubra.model.discovery.v1.Endpoint;
import io.kubra.model.discovery.v1.EndpointConditions;
import io.kubra.model.discovery.v1.EndpointPort;
import io.kubra.model.discovery.v1.EndpointSlice;
import io.kubra.model.meta.v1.ObjectMeta;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleSetBuilderTest {
  private static final ProxyConfig CONFIG = new ProxyConfig("t", "n1", "10.244.0.0/16", List.of());

  private static Service service(ServiceSpec.Builder spec) {
    return Service.builder()
        .metadata(ObjectMeta.builder().namespace("default").name("web").build())
        .spec(
            spec.clusterIP("10.96.0.7")
                .clusterIPs(List.of("10.96.0.7"))
                .ports(
                    List.of(ServicePort.builder().port(80).protocol("TCP").nodePort(30080).build()))
                .build())
        .build();
  }

  private static Endpoint endpoint(String ip, String node, boolean ready, boolean terminating) {
    return Endpoint.builder()
        .addresses(List.of(ip))
        .nodeName(node)
        .conditions(
            EndpointConditions.builder()
                .ready(ready)
                .serving(true)
                .terminating(terminating)
                .build())
        .build();
  }

  private static RuleSet rules(Service service, Endpoint... endpoints) {
    EndpointSlice slice =
        EndpointSlice.builder()
            .addressType("IPv4")
            .ports(List.of(EndpointPort.builder().name("").port(8080).protocol("TCP").build()))
            .endpoints(List.of(endpoints))
            .build();
    RuleSetBuilder builder = new RuleSetBuilder(CONFIG);
    builder.add(service, List.of(slice), List.of());
    return builder.build();
  }

  @Test
  void readyEndpointsShareTheTrafficOfAClusterIp() {
    RuleSet rules =
        rules(
            service(ServiceSpec.builder()),
            endpoint("10.244.1.2", "n1", true, false),
            endpoint("10.244.2.3", "n2", true, false),
            endpoint("10.244.2.4", "n2", false, false));

    String verdict = rules.elements().get(RuleSet.SERVICES).get("10.96.0.7 . tcp . 80");
    assertThat(verdict).startsWith("goto svc-");
    assertThat(rules.chains().get(verdict.substring(5)))
        .anyMatch(rule -> rule.startsWith("numgen random mod 2 vmap"));
    assertThat(rules.chains().values().toString())
        .contains("dnat to 10.244.1.2:8080")
        .contains("dnat to 10.244.2.3:8080")
        .doesNotContain("10.244.2.4");
    assertThat(rules.elements().get(RuleSet.NODE_PORTS)).containsKey("tcp . 30080");
  }

  @Test
  void terminatingEndpointsServeWhenNoneIsReady() {
    RuleSet rules =
        rules(service(ServiceSpec.builder()), endpoint("10.244.1.2", "n1", false, true));

    assertThat(rules.chains().values().toString()).contains("dnat to 10.244.1.2:8080");
  }

  @Test
  void aServiceWithoutEndpointsRefuses() {
    RuleSet rules = rules(service(ServiceSpec.builder()));

    assertThat(rules.elements().get(RuleSet.UNSERVED))
        .containsEntry("10.96.0.7 . tcp . 80", "goto refuse");
  }

  @Test
  void theLocalPolicyKeepsTrafficOnTheNode() {
    RuleSet rules =
        rules(
            service(ServiceSpec.builder().internalTrafficPolicy("Local")),
            endpoint("10.244.1.2", "n1", true, false),
            endpoint("10.244.2.3", "n2", true, false));

    String verdict = rules.elements().get(RuleSet.SERVICES).get("10.96.0.7 . tcp . 80");
    assertThat(rules.chains().get(verdict.substring(5)).toString()).doesNotContain("numgen");
  }

  @Test
  void clientIpAffinityRemembersTheEndpoint() {
    RuleSet rules =
        rules(
            service(ServiceSpec.builder().sessionAffinity("ClientIP")),
            endpoint("10.244.1.2", "n1", true, false),
            endpoint("10.244.2.3", "n2", true, false));

    assertThat(rules.affinity()).hasSize(2).containsValue(10800);
    assertThat(rules.chains().values().toString()).contains("update @aff-ep-");
  }

  @Test
  void onlyWhatChangedIsLoadedAgain() {
    RuleSet before =
        rules(service(ServiceSpec.builder()), endpoint("10.244.1.2", "n1", true, false));
    RuleSet after =
        rules(
            service(ServiceSpec.builder()),
            endpoint("10.244.1.2", "n1", true, false),
            endpoint("10.244.2.3", "n2", true, false));

    String changes = after.changesFrom(before, "t");

    assertThat(after.changesFrom(after, "t")).isEmpty();
    assertThat(changes)
        .contains("add chain ip t ep-")
        .contains("flush chain ip t svc-")
        .doesNotContain("add element");
    assertThat(before.changesFrom(after, "t")).contains("delete chain ip t ep-");
  }
}
