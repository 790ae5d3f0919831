package io.kubra.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.transport.io.RawConnection;
import io.kubra.transport.spdy.SpdyConnection;
import io.kubra.transport.spdy.SpdyException;
import io.kubra.transport.spdy.SpdyStream;
import io.kubra.transport.websocket.WebSocket;
import io.kubra.transport.websocket.WebSocket.Frame;
import io.kubra.transport.websocket.WebSocketClosedException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSocket, SPDY and raw upgrades, our client against our server. */
final class UpgradeTest {
  private static final HttpHandler SPDY_ECHO =
      x -> {
        SpdyConnection connection =
            x.isUpgrade("websocket")
                ? x.acceptSpdyOverWebSocket("SPDY/3.1+portforward.k8s.io", new HttpHeaders())
                : x.acceptSpdy(HttpHeaders.of("X-Stream-Protocol-Version", "v4"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
          for (SpdyStream s = connection.accept(); s != null; s = connection.accept()) {
            SpdyStream stream = s;
            threads.submit(
                () -> {
                  if (stream.headers().containsKey("reset")) {
                    stream.reset();
                    return null;
                  }
                  stream.in().transferTo(stream.out());
                  stream.closeWrite();
                  return null;
                });
          }
        }
      };

  private static SpdyConnection spdy(
      HttpClient client, HttpServer server, TestWire wire, boolean tunnel) {
    return tunnel
        ? client.connectSpdyOverWebSocket(
            wire.uri(server, "/"), new HttpHeaders(), List.of("SPDY/3.1+portforward.k8s.io"))
        : client.connectSpdy(wire.uri(server, "/"), new HttpHeaders(), "POST");
  }

  private static byte[] bytes(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void spdyStreamsEcho(TestWire wire, boolean tunnel) throws Exception {
    try (HttpServer server = wire.start(SPDY_ECHO);
        HttpClient client = wire.client().build();
        SpdyConnection connection = spdy(client, server, wire, tunnel);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> answers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        byte[] sent = bytes(3_000_000, i);
        SpdyStream stream = connection.open(Map.of("streamtype", "stdin", "port", "" + i));
        threads.submit(
            () -> {
              stream.out().write(sent);
              stream.closeWrite();
              return null;
            });
        answers.add(threads.submit(() -> stream.in().readAllBytes()));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(bytes(3_000_000, i));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN_1", "TLS_1", "TLS_2"})
  void spdyStreamsCarryMegabytesBothWays(TestWire wire) throws Exception {
    spdyStreamsEcho(wire, false);
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN_1", "TLS_1"})
  void spdyRunsInsideAWebSocket(TestWire wire) throws Exception {
    spdyStreamsEcho(wire, true);
  }

  @Test
  void aResetSpdyStreamReadsAsItsEnd() throws Exception {
    try (HttpServer server = TestWire.PLAIN_1.start(SPDY_ECHO);
        HttpClient client = TestWire.PLAIN_1.client().build();
        SpdyConnection connection = spdy(client, server, TestWire.PLAIN_1, false)) {
      SpdyStream stream = connection.open(Map.of("reset", "please"));
      assertThat(stream.in().readAllBytes()).isEmpty();
      SpdyStream next = connection.open(Map.of("streamtype", "error"));
      next.closeWrite();
      assertThat(next.in().readAllBytes()).isEmpty();
    }
  }

  @Test
  void theEndOfASpdyConnectionReachesBothSides() throws Exception {
    CountDownLatch serverSawEnd = new CountDownLatch(1);
    HttpHandler handler =
        x -> {
          SpdyConnection connection = x.acceptSpdy(new HttpHeaders());
          connection.onClose(serverSawEnd::countDown);
          SpdyStream stream = connection.accept();
          stream.out().write("last words".getBytes(UTF_8));
        };
    try (HttpServer server = TestWire.PLAIN_1.start(handler);
        HttpClient client = TestWire.PLAIN_1.client().build();
        SpdyConnection connection = spdy(client, server, TestWire.PLAIN_1, false)) {
      SpdyStream stream = connection.open(Map.of("a", "b"));
      assertThat(stream.in().readAllBytes()).asString(UTF_8).isEqualTo("last words");
      assertThat(connection.accept()).isNull();
      connection.close();
      assertThatThrownBy(() -> connection.open(Map.of())).isInstanceOf(SpdyException.class);
      assertThat(serverSawEnd.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN_1", "TLS_1", "TLS_2"})
  void webSocketMessagesGoBothWays(TestWire wire) throws Exception {
    CompletableFuture<Integer> serverCode = new CompletableFuture<>();
    HttpHandler handler =
        x -> {
          WebSocket socket =
              x.acceptWebSocket(x.webSocketProtocols().get(1), HttpHeaders.of("X-More", "1"));
          for (Frame f = socket.receive(); f != null; f = socket.receive()) {
            switch (f) {
              case Frame.Text text -> socket.sendText("re: " + text.text());
              case Frame.Binary binary -> socket.sendBinary(new byte[] {7}, binary.bytes());
            }
          }
          serverCode.complete(socket.closeCode());
        };
    try (HttpServer server = wire.start(handler);
        HttpClient client = wire.client().build();
        WebSocket socket =
            client.connectWebSocket(
                wire.uri(server, "/"),
                new HttpHeaders(),
                List.of("v4.channel.k8s.io", "v5.channel.k8s.io"))) {
      assertThat(socket.subprotocol()).isEqualTo("v5.channel.k8s.io");
      socket.sendText("grüße");
      assertThat(socket.receive()).isEqualTo(new Frame.Text("re: grüße"));
      socket.ping();
      byte[] big = bytes(1_000_000, 1);
      for (int i = 0; i < 5; i++) {
        socket.sendBinary(big);
        Frame answer = socket.receive();
        assertThat(answer).isInstanceOf(Frame.Binary.class);
        assertThat(((Frame.Binary) answer).bytes()).hasSize(1_000_001).startsWith(7).endsWith(big);
      }
      socket.close(1000, "bye");
      assertThat(serverCode.get(30, TimeUnit.SECONDS)).isEqualTo(1000);
      assertThatThrownBy(() -> socket.sendText("late"))
          .isInstanceOf(WebSocketClosedException.class);
    }
  }

  @Test
  void aRefusedUpgradeShowsTheAnswer() {
    HttpHandler handler = x -> x.respond(403, new HttpHeaders(), "no exec for you".getBytes(UTF_8));
    try (HttpServer server = TestWire.PLAIN_1.start(handler);
        HttpClient client = TestWire.PLAIN_1.client().build()) {
      assertThatThrownBy(() -> spdy(client, server, TestWire.PLAIN_1, false))
          .isInstanceOfSatisfying(
              UpgradeException.class,
              e -> {
                assertThat(e.status()).isEqualTo(403);
                assertThat(e.text()).isEqualTo("no exec for you");
              });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN_1", "TLS_1"})
  void rawBytesFlowAfterAnUpgrade(TestWire wire) throws Exception {
    HttpHandler handler =
        x -> {
          RawConnection raw =
              x.acceptUpgrade(HttpHeaders.of("Connection", "Upgrade", "Upgrade", "echo"));
          raw.in().transferTo(raw.out());
          raw.out().close();
        };
    byte[] sent = bytes(5_000_000, 3);
    try (HttpServer server = wire.start(handler);
        HttpClient client = wire.client().build();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      HttpRequest request =
          HttpRequest.of(
              "GET",
              wire.uri(server, "/"),
              HttpHeaders.of("Connection", "Upgrade", "Upgrade", "echo"));
      HttpClient.Upgraded upgraded = client.connectUpgrade(request);
      assertThat(upgraded.headers().get("Upgrade")).isEqualTo("echo");
      try (RawConnection raw = upgraded.connection()) {
        threads.submit(
            () -> {
              try (OutputStream out = raw.out()) {
                out.write(sent);
              }
              return null;
            });
        try (InputStream in = raw.in()) {
          byte[] received = in.readNBytes(sent.length);
          assertThat(received).hasSameSizeAs(sent).isEqualTo(sent);
        }
      }
    }
  }
}
