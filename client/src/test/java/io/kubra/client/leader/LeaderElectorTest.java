package io.kubra.client.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.client.testing.FaultyTransport;
import io.kubra.metrics.MetricRegistry;
import io.kubra.model.coordination.v1.Lease;
import io.kubra.model.coordination.v1.LeaseSpec;
import io.kubra.model.core.v1.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaderElectorTest {
  private static final Election.Timing FAST =
      new Election.Timing(Duration.ofSeconds(2), Duration.ofMillis(700), Duration.ofMillis(20));
  private static final Election.Timing LONG =
      new Election.Timing(Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofMillis(20));

  private final TestingApiServer server = TestingApiServer.start();
  private final FaultyTransport transport = new FaultyTransport(server, "manager");
  private final ApiClient client = new ApiClient(transport);
  private final MetricRegistry metrics = new MetricRegistry();
  private final List<String> history = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    server.close();
  }

  private LeaderElector candidate(String identity, Election.Timing timing) {
    return LeaderElector.start(
        client,
        new Election("kube-system", "manager", identity, "kube-manager", timing),
        new LeaderElector.Callbacks() {
          @Override
          public void started() {
            history.add(identity + " started");
          }

          @Override
          public void stopped() {
            history.add(identity + " stopped");
          }
        },
        metrics);
  }

  private LeaseSpec lease() {
    return client.resource(Lease.RESOURCE).get("kube-system", "manager").spec();
  }

  @Test
  void theFirstLeadsAndTheNextFollowsWhenItCloses() {
    LeaderElector first = candidate("first", LONG);
    await().until(first::leading);
    assertThat(lease().holderIdentity()).isEqualTo("first");
    assertThat(lease().leaseTransitions()).isZero();
    assertThat(lease().leaseDurationSeconds()).isEqualTo(3600);

    try (LeaderElector second = candidate("second", LONG)) {
      first.close();
      await().until(second::leading);

      assertThat(history).containsExactly("first started", "first stopped", "second started");
      assertThat(lease().holderIdentity()).isEqualTo("second");
      assertThat(lease().leaseTransitions()).isEqualTo(1);
    }
    assertThat(lease().holderIdentity()).isEmpty();
    assertThat(lease().leaseDurationSeconds()).isEqualTo(1);
  }

  @Test
  void whoeverComesWithTheIdentityOfADeadOneLeadsAtOnce() {
    LeaseSpec dead =
        LeaseSpec.builder()
            .holderIdentity("me")
            .leaseDurationSeconds(3600)
            .leaseTransitions(7)
            .build();
    client
        .resource(Lease.RESOURCE)
        .create(
            Lease.builder()
                .metadata(
                    io.kubra.model.meta.v1.ObjectMeta.builder()
                        .namespace("kube-system")
                        .name("manager")
                        .build())
                .spec(dead)
                .build());

    try (LeaderElector again = candidate("me", LONG)) {
      await().until(again::leading);
      assertThat(lease().leaseTransitions()).isEqualTo(7);
    }
  }

  @Test
  void aLeaderThatCannotRenewStopsAndLeadsAgainWhenItCan() {
    for (FaultyTransport.Fault fault :
        List.of(FaultyTransport.Fault.REQUEST_LOST, FaultyTransport.Fault.HANGS)) {
      history.clear();
      try (LeaderElector elector = candidate("me", FAST)) {
        await().until(elector::leading);
        transport.fault = fault;
        await().until(() -> history.contains("me stopped"));
        assertThat(elector.leading()).isFalse();
        transport.fault = FaultyTransport.Fault.NONE;
        await().until(elector::leading);
      }
      assertThat(history).containsExactly("me started", "me stopped", "me started", "me stopped");
    }
  }

  @Test
  void aLeaderWhoseLeaseWasTakenStops() {
    try (LeaderElector elector = candidate("me", LONG)) {
      await().until(elector::leading);
      await()
          .ignoreExceptions()
          .until(
              () -> {
                Lease lease = client.resource(Lease.RESOURCE).get("kube-system", "manager");
                LeaseSpec usurped = lease.spec().toBuilder().holderIdentity("other").build();
                client.resource(Lease.RESOURCE).update(lease.withSpec(usurped));
                return true;
              });
      await().until(() -> history.contains("me stopped"));
      assertThat(elector.leading()).isFalse();
    }
    assertThat(lease().holderIdentity()).isEqualTo("other");
  }

  @Test
  void whoLeadsIsCountedAndToldByEvents() {
    try (LeaderElector elector = candidate("me", FAST)) {
      await().until(elector::leading);
      await()
          .until(
              () ->
                  client
                      .resource(Event.RESOURCE)
                      .list("kube-system", ListOptions.ALL)
                      .items()
                      .stream()
                      .anyMatch(e -> "me became leader".equals(e.message())));
      await().until(() -> text().contains("leader_election_master_status{name=\"manager\"} 1"));
    }
    assertThat(text()).contains("leader_election_master_status{name=\"manager\"} 0");
  }

  private String text() {
    return new String(metrics.text(), StandardCharsets.UTF_8);
  }

  @Test
  void timesThatWouldLetTwoLeadAreRefused() {
    Duration ten = Duration.ofSeconds(10);
    assertThatThrownBy(() -> new Election.Timing(ten, ten, Duration.ofSeconds(2)))
        .hasMessage("leaseDuration must be greater than renewDeadline");
    assertThatThrownBy(() -> new Election.Timing(Duration.ofSeconds(15), ten, ten))
        .hasMessage("renewDeadline must be greater than retryPeriod*JitterFactor");
  }
}
