package io.kubra.client.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.status.ApiException;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.client.ApiClient;
import io.kubra.client.leader.Candidate.View;
import io.kubra.client.testing.FaultyTransport;
import io.kubra.model.coordination.v1.Lease;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hours of election in a moment: candidates whose clocks run at different speeds, whose requests
 * are late or lost, and who pause, on one simulated time. At no moment may two of them lead.
 */
class ElectionSimulationTest {
  private static final double SECOND = 1e9;
  private static final double RENEW_DEADLINE = 10 * SECOND;
  private static final double RETRY = 2 * SECOND;

  private record Event(double at, long order, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Double.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private double time;
  private long order;
  private int ledFor;

  private void in(double delay, Runnable what) {
    events.add(new Event(time + delay, order++, what));
  }

  /** One candidate and its clock, driven as the elector drives it. */
  private final class Member {
    private final Random random;
    private final double troubles;
    private final double offset;
    private final double speed;
    private final FaultyTransport transport;
    private final Candidate candidate;
    private double readAs;
    private View view = View.NOTHING;

    Member(TestingApiServer server, String identity, Random random, double troubles) {
      this.random = random;
      this.troubles = troubles;
      this.offset = random.nextDouble() * 1000 * SECOND;
      this.speed = 0.9 + random.nextDouble() * 0.2;
      this.transport = new FaultyTransport(server, identity);
      this.candidate =
          new Candidate(
              new ApiClient(transport).resource(Lease.RESOURCE),
              Election.ofSystem("test", identity, "test"),
              this::read,
              () -> Instant.ofEpochMilli((long) (time / 1e6)));
    }

    /** An attempt looks at the clock when it begins, and again when the server has answered. */
    private long read() {
      double reading = readAs;
      readAs = clock();
      return (long) reading;
    }

    double clock() {
      return offset + time * speed;
    }

    boolean leads() {
      return view.held() && clock() - view.renewedAt() < RENEW_DEADLINE;
    }

    void turn() {
      double began = clock();
      View before = leads() ? view : new View(view.lease(), view.seenAt(), false, 0);
      double toServer = delay();
      in(
          toServer,
          () -> {
            readAs = began;
            transport.fault = fault();
            View result = null;
            try {
              result = candidate.attempt(before);
            } catch (ApiException | UncheckedIOException e) {
              // The next attempt will tell.
            }
            View answer = result;
            in(
                delay(),
                () -> {
                  if (answer != null && clock() - began < RENEW_DEADLINE) {
                    view = answer;
                  }
                  in(RETRY / speed, this::turn);
                });
          });
    }

    private double delay() {
      return random.nextDouble() < troubles
          ? random.nextDouble() * 25 * SECOND
          : random.nextDouble() * 0.05 * SECOND;
    }

    private FaultyTransport.Fault fault() {
      if (random.nextDouble() >= troubles) {
        return FaultyTransport.Fault.NONE;
      }
      return random.nextBoolean()
          ? FaultyTransport.Fault.REQUEST_LOST
          : FaultyTransport.Fault.ANSWER_LOST;
    }
  }

  private void run(double troubles, long seed, double seconds) {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (TestingApiServer server = TestingApiServer.start()) {
      List<Member> members = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Member member = new Member(server, "candidate-" + i, random, troubles);
        members.add(member);
        in(random.nextDouble() * SECOND, member::turn);
      }
      while (time < seconds * SECOND) {
        Event next = events.remove();
        time = next.at();
        next.what().run();
        long leaders = members.stream().filter(Member::leads).count();
        assertThat(leaders).as("leaders at %.3f s, seed %d", time / SECOND, seed).isLessThan(2);
        ledFor += (int) leaders;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.3, 0.6})
  void neverDoTwoLead(double troubles) {
    run(troubles, System.nanoTime(), 3600);

    assertThat(ledFor).as("moments with a leader").isPositive();
  }

  @Test
  void withoutTroubleTheFirstLeaderStays() {
    long seed = System.nanoTime();
    run(0, seed, 300);

    // From the first attempt on, somebody led at each event.
    assertThat(ledFor).isGreaterThan(300);
  }
}
