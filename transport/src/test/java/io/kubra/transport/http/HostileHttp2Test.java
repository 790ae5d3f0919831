package io.kubra.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that no decent client sends. */
final class HostileHttp2Test {
  private static final HttpHandler ECHO =
      x ->
          x.respond(
              200,
              HttpHeaders.of(),
              ("[" + x.headers().getOr("X-Name", "") + "]").getBytes(UTF_8),
              x.readBody(1000));

  /**
   * Answers in the clear: a status of Netty's encoder is an index, or a literal of three digits.
   */
  private static String answer(RawHttp2 wire) throws Exception {
    RawHttp2.Frame head = wire.await(RawHttp2.HEADERS, RawHttp2.RST_STREAM, RawHttp2.GOAWAY);
    if (head.type() != RawHttp2.HEADERS) {
      return (head.type() == RawHttp2.RST_STREAM ? "reset " : "goaway ") + head.error();
    }
    return new String(wire.await(RawHttp2.DATA).payload(), UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {" x", "x ", "\tx", " ", "", "a\tb", "käse"})
  void valuesThatGoLetsPassArriveAsTheyAre(String value) throws Exception {
    try (HttpServer server = HttpServer.builder().handler(ECHO).start();
        RawHttp2 wire = new RawHttp2(server)) {
      wire.headers(1, true, RawHttp2.request("GET", Map.entry("x-name", value)));
      assertThat(answer(wire)).startsWith("[" + value.substring(0, Math.min(1, value.length())));
    }
  }

  private static Stream<List<Map.Entry<String, String>>> malformed() {
    return Stream.of(
        RawHttp2.request("GET", Map.entry("X-Name", "upper case")),
        RawHttp2.request("GET", Map.entry("x name", "no token")),
        RawHttp2.request("GET", Map.entry("", "no name")),
        RawHttp2.request("GET", Map.entry("x-name", "two\r\nlines")),
        RawHttp2.request("GET", Map.entry("x-name", "zero\0")),
        RawHttp2.request("GET", Map.entry("connection", "close")),
        RawHttp2.request("GET", Map.entry("transfer-encoding", "chunked")),
        RawHttp2.request("GET", Map.entry("te", "gzip")),
        RawHttp2.request("GET", Map.entry(":path", "/other")),
        RawHttp2.request("GET", Map.entry(":status", "200")),
        RawHttp2.request("G T"),
        List.of(Map.entry(":scheme", "http"), Map.entry(":path", "/")),
        List.of(Map.entry(":method", "GET"), Map.entry(":scheme", "http")),
        List.of(
            Map.entry(":method", "GET"), Map.entry(":scheme", "http"), Map.entry(":path", "x")));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformedHeadersAreAnsweredSoThatClientsDoNotTryAgain(List<Map.Entry<String, String>> fields)
      throws Exception {
    try (HttpServer server = HttpServer.builder().handler(ECHO).start();
        RawHttp2 wire = new RawHttp2(server)) {
      wire.headers(1, true, fields);
      assertThat(answer(wire)).startsWith("400 Bad Request: ");
      wire.headers(3, true, RawHttp2.request("GET", Map.entry("x-name", "next")));
      assertThat(answer(wire)).isEqualTo("[next]");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aBodyOfAnotherLengthThanAnnouncedIsRefused(int length) throws Exception {
    try (HttpServer server = HttpServer.builder().handler(ECHO).start();
        RawHttp2 wire = new RawHttp2(server)) {
      wire.headers(1, false, RawHttp2.request("POST", Map.entry("content-length", "2")));
      wire.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[length]);
      assertThat(answer(wire)).isEqualTo("reset " + RawHttp2.PROTOCOL_ERROR);
    }
  }

  @Test
  void resetsDoNotStartMoreHandlersThanAConnectionMayHave() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch end = new CountDownLatch(1);
    HttpHandler slow =
        x -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          end.await();
          running.decrementAndGet();
          x.respond(200, new HttpHeaders());
        };
    try (HttpServer server = HttpServer.builder().handler(slow).maxConcurrentStreams(10).start();
        RawHttp2 wire = new RawHttp2(server)) {
      try {
        for (int i = 0; i < 1000; i++) {
          wire.headers(2 * i + 1, true, RawHttp2.request("GET"));
          wire.reset(2 * i + 1);
        }
        assertThat(wire.await(RawHttp2.GOAWAY).error()).isEqualTo(RawHttp2.ENHANCE_YOUR_CALM);
      } catch (SocketException e) {
        assertThat(e).as("the server has hung up").isNotNull();
      }
      await().untilAsserted(() -> assertThat(server.connections()).isZero());
      assertThat(most).hasValue(10);
      end.countDown();
      await().untilAsserted(() -> assertThat(running).hasValue(0));
      assertThat(most).hasValue(10);
    }
  }

  @Test
  void resetsOfHandlersThatKeepUpAreServed() throws Exception {
    AtomicInteger served = new AtomicInteger();
    HttpHandler quick =
        x -> {
          served.incrementAndGet();
          x.respond(200, new HttpHeaders());
        };
    try (HttpServer server = HttpServer.builder().handler(quick).maxConcurrentStreams(10).start();
        RawHttp2 wire = new RawHttp2(server)) {
      for (int i = 0; i < 300; i++) {
        wire.headers(2 * i + 1, true, RawHttp2.request("GET"));
        wire.await(RawHttp2.HEADERS);
        wire.reset(2 * i + 1);
      }
      assertThat(served).hasValue(300);
    }
  }

  @Test
  void handlersOfLargeAnswersRunUntilTheClientHasReadThem() throws Exception {
    AtomicInteger started = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    HttpHandler large =
        x -> {
          started.incrementAndGet();
          x.respond(200, new HttpHeaders(), new byte[1_000_000]);
          ended.incrementAndGet();
        };
    HttpServer.Builder builder = HttpServer.builder().handler(large).maxConcurrentStreams(10);
    try (HttpServer server = builder.start()) {
      try (RawHttp2 wire = new RawHttp2(server)) {
        for (int i = 0; i < 5; i++) {
          wire.headers(2 * i + 1, true, RawHttp2.request("GET"));
        }
        await().until(() -> started.get() == 5);
        await().during(Duration.ofMillis(300)).untilAsserted(() -> assertThat(ended).hasValue(0));
      }
      await().untilAsserted(() -> assertThat(ended).hasValue(5));
    }
    ended.set(0);
    try (HttpServer server = builder.bodyTimeout(Duration.ofMillis(100)).start();
        RawHttp2 wire = new RawHttp2(server)) {
      wire.headers(1, true, RawHttp2.request("GET"));
      assertThat(wire.await(RawHttp2.RST_STREAM).stream()).isEqualTo(1);
      await().untilAsserted(() -> assertThat(ended).hasValue(1));
    }
  }

  @Test
  void manySmallPiecesOfABodyTakeNoMoreMemoryThanItsBytes() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    HttpHandler late =
        x -> {
          sent.await();
          x.respond(
              200, new HttpHeaders(), Integer.toString(x.readBody(200_000).length).getBytes(UTF_8));
        };
    try (HttpServer server = HttpServer.builder().handler(late).start();
        RawHttp2 wire = new RawHttp2(server)) {
      wire.headers(1, false, RawHttp2.request("POST"));
      for (int i = 0; i < 50_000; i++) {
        wire.send(RawHttp2.DATA, 0, 1, new byte[] {1});
      }
      sent.countDown();
      wire.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[] {1});
      assertThat(answer(wire)).isEqualTo("50001");
    }
  }
}
