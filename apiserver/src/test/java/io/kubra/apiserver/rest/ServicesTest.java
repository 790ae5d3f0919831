package io.kubra.apiserver.rest;

import static io.kubra.apiserver.rest.ConfigMaps.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServicesTest {
  private static final String PATH = "/api/v1/namespaces/default/services";
  private TestingApiServer api;

  @BeforeEach
  void start() {
    api =
        TestingApiServer.start(
            b ->
                b.serviceCidrs(List.of("10.10.0.0/26"))
                    .nodePorts(30000, 30009)
                    .advertise("192.0.2.1", 6443));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private Response create(String name, String spec) {
    return api.send(
        "POST",
        PATH,
        tree(
            """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"%s"},"spec":{%s}}
            """
                .formatted(name, spec)));
  }

  @Test
  void theApiServersOwnServiceIsThere() {
    Map<String, Object> service = api.send("GET", PATH + "/kubernetes", null).tree();
    assertThat(Trees.string(service, "spec", "clusterIP")).isEqualTo("10.10.0.1");
    Map<String, Object> endpoints =
        api.send("GET", "/api/v1/namespaces/default/endpoints/kubernetes", null).tree();
    assertThat(endpoints.toString()).contains("192.0.2.1").contains("6443");
  }

  @Test
  void addressesAreUniqueUnderConcurrencyAndRunOut() throws InterruptedException {
    Set<String> given = ConcurrentHashMap.newKeySet();
    List<Integer> statuses = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int thread = t;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 10; i++) {
                      Response r = create("s" + thread + "-" + i, "\"ports\":[{\"port\":80}]");
                      statuses.add(r.status());
                      if (r.status() == 201) {
                        String ip = Trees.stringOr(r.tree(), "", "spec", "clusterIP");
                        assertThat(given.add(ip)).as(ip).isTrue();
                      }
                    }
                  }));
    }
    for (Thread t : threads) {
      t.join();
    }
    // 64 addresses without network, broadcast and the API server's
    assertThat(given).hasSize(61);
    assertThat(statuses).filteredOn(s -> s == 500).hasSize(19);
    assertThat(api.send("DELETE", PATH + "/" + firstName(), null).status()).isEqualTo(200);
    assertThat(create("again", "\"ports\":[{\"port\":80}]").status()).isEqualTo(201);
  }

  private String firstName() {
    for (Map<String, Object> s : Trees.maps(api.send("GET", PATH, null).tree(), "items")) {
      String name = Trees.stringOr(s, "", "metadata", "name");
      if (!name.equals("kubernetes")) {
        return name;
      }
    }
    throw new AssertionError("no services");
  }

  @Test
  void aChosenAddressIsGivenOnce() {
    assertThat(create("a", at("10.10.0.9")).status()).isEqualTo(201);
    Response taken = create("b", at("10.10.0.9"));
    assertThat(taken.status()).isEqualTo(422);
    assertThat(taken.text()).contains("provided IP is already allocated");
    Response outside = create("c", at("10.99.0.9"));
    assertThat(outside.status()).isEqualTo(422);
    assertThat(outside.text()).contains("the provided IP is not in the valid range");
    Response dry =
        api.send(
            "POST",
            PATH + "?dryRun=All",
            tree(
                "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"d\"},\"spec\":{"
                    + at("10.10.0.10")
                    + "}}"));
    assertThat(dry.status()).isEqualTo(201);
    assertThat(create("e", at("10.10.0.10")).status()).isEqualTo(201);
  }

  private static String at(String clusterIp) {
    return "\"ports\":[{\"port\":80}],\"clusterIP\":\"" + clusterIp + "\"";
  }

  @Test
  void nodePortsAreGivenKeptAndReleased() {
    Map<String, Object> service =
        create("np", "\"type\":\"NodePort\",\"ports\":[{\"port\":80}]").tree();
    Long port = Trees.integer(Trees.maps(service, "spec", "ports").getFirst(), "nodePort");
    assertThat(port).isBetween(30000L, 30009L);
    Map<String, Object> again = Trees.deepCopy(service);
    Trees.maps(again, "spec", "ports").getFirst().remove("nodePort");
    Trees.remove(again, "spec", "clusterIP");
    Trees.remove(again, "spec", "clusterIPs");
    Map<String, Object> updated = api.send("PUT", PATH + "/np", again).tree();
    assertThat(Trees.integer(Trees.maps(updated, "spec", "ports").getFirst(), "nodePort"))
        .isEqualTo(port);
    assertThat(Trees.get(updated, "spec", "clusterIP"))
        .isEqualTo(Trees.get(service, "spec", "clusterIP"));
    Response taken =
        create("np2", "\"type\":\"NodePort\",\"ports\":[{\"port\":80,\"nodePort\":" + port + "}]");
    assertThat(taken.text()).contains("provided port is already allocated");
    Response outside =
        create("np3", "\"type\":\"NodePort\",\"ports\":[{\"port\":80,\"nodePort\":80}]");
    assertThat(outside.text())
        .contains(
            "provided port is not in the valid range. The range of valid ports is 30000-30009");
    Trees.set(updated, "ClusterIP", "spec", "type");
    Map<String, Object> plain = api.send("PUT", PATH + "/np", updated).tree();
    assertThat(Trees.maps(plain, "spec", "ports").getFirst()).doesNotContainKey("nodePort");
    assertThat(
            create(
                    "np4",
                    "\"type\":\"NodePort\",\"ports\":[{\"port\":80,\"nodePort\":" + port + "}]")
                .status())
        .isEqualTo(201);
  }

  @Test
  void headlessAndExternalServicesGetNoAddress() {
    Map<String, Object> headless =
        create("h", "\"clusterIP\":\"None\",\"selector\":{\"a\":\"b\"}").tree();
    assertThat(Trees.strings(headless, "spec", "clusterIPs")).containsExactly("None");
    Map<String, Object> external =
        create("x", "\"type\":\"ExternalName\",\"externalName\":\"example.com\"").tree();
    assertThat(Trees.get(external, "spec", "clusterIP")).isNull();
  }
}
