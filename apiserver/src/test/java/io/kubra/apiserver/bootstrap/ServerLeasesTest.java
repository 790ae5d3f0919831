package io.kubra.apiserver.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Json;
import io.kubra.api.meta.GroupResource;
import io.kubra.apiserver.testing.TestingApiServer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ServerLeasesTest {
  private static final GroupResource ENDPOINTS = new GroupResource("", "endpoints");

  private final AtomicLong nanos = new AtomicLong();

  private ServerLeases leases(String address, int port) {
    return new ServerLeases(address, port, () -> Instant.EPOCH.plusNanos(nanos.get()), nanos::get);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void serversThatRenewAreAliveAndSilentOnesAreNot() {
    try (TestingApiServer server = TestingApiServer.start()) {
      ServerLeases one = leases("192.0.2.1", 6443);
      ServerLeases two = leases("192.0.2.2", 6443);
      ServerLeases elsewhere = leases("192.0.2.3", 7443);
      one.renew(server.objects());
      two.renew(server.objects());
      elsewhere.renew(server.objects());
      assertThat(one.alive(server.objects())).containsExactly("192.0.2.1", "192.0.2.2");
      assertThat(two.alive(server.objects())).containsExactly("192.0.2.1", "192.0.2.2");

      pass(Duration.ofSeconds(20));
      one.renew(server.objects());
      assertThat(one.alive(server.objects())).containsExactly("192.0.2.1", "192.0.2.2");
      pass(Duration.ofSeconds(10));
      assertThat(one.alive(server.objects())).containsExactly("192.0.2.1");
      assertThat(two.alive(server.objects())).containsExactly("192.0.2.1", "192.0.2.2");

      one.release(server.objects());
      assertThat(two.alive(server.objects())).containsExactly("192.0.2.2");
    }
  }

  @Test
  void aLeaseOfAServerThatHasLongGoneIsNotTakenForOne() {
    try (TestingApiServer server = TestingApiServer.start()) {
      leases("192.0.2.9", 6443).renew(server.objects());
      pass(Duration.ofMinutes(5));

      assertThat(leases("192.0.2.1", 6443).alive(server.objects())).containsExactly("192.0.2.1");
    }
  }

  @Test
  void theServiceNamesAllServersAndForgetsOneThatStops() throws Exception {
    try (TestingApiServer server = TestingApiServer.start()) {
      KubernetesService one = new KubernetesService("10.96.0.1", "192.0.2.1", 6443);
      KubernetesService two = new KubernetesService("10.96.0.1", "192.0.2.2", 6443);
      one.run(server.objects());
      two.run(server.objects());
      assertThat(Json.toString(server.objects().get(ENDPOINTS, "default", "kubernetes")))
          .contains("192.0.2.1", "192.0.2.2");

      one.stop();
      assertThat(Json.toString(server.objects().get(ENDPOINTS, "default", "kubernetes")))
          .contains("192.0.2.2")
          .doesNotContain("192.0.2.1");
      two.stop();
      assertThat(Json.toString(server.objects().get(ENDPOINTS, "default", "kubernetes")))
          .contains("192.0.2.2");
    }
  }
}
