package io.kubra.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubra.transport.TestCertificates;
import io.kubra.transport.tls.ClientTls;
import io.kubra.transport.tls.KeyMaterial;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our client against our server. */
final class HttpClientTest {
  private static final HttpHandler ECHO =
      x -> {
        try (ResponseStream stream = x.start(200, HttpHeaders.of("X-Protocol", x.protocol()))) {
          stream.flush();
          x.body().transferTo(stream.asOutputStream());
        }
      };

  private static long count(InputStream in) throws IOException {
    byte[] buffer = new byte[65536];
    long total = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      total += n;
    }
    return total;
  }

  @ParameterizedTest
  @EnumSource
  void aRequestIsAnswered(TestWire wire) {
    HttpHandler handler =
        x ->
            x.respond(
                200,
                HttpHeaders.of("X-Seen", x.method() + " " + x.rawPath() + " " + x.rawQuery()),
                x.readBody(100));
    try (HttpServer server = wire.start(handler);
        HttpClient client = wire.client().build()) {
      for (int i = 0; i < 3; i++) {
        HttpRequest request =
            HttpRequest.of(
                "PATCH", wire.uri(server, "/p%20q?r=1"), new HttpHeaders(), "x".getBytes(UTF_8));
        HttpClientResponse response = client.send(request);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers().get("x-seen")).isEqualTo("PATCH /p%20q r=1");
        assertThat(response.protocol()).isEqualTo(wire.http2() ? "HTTP/2" : "HTTP/1.1");
        assertThat(response.bytes()).isEqualTo("x".getBytes(UTF_8));
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  private static HttpRequest post(URI uri, RequestBody body) {
    return HttpRequest.of("POST", uri, new HttpHeaders()).withBody(body);
  }

  @ParameterizedTest
  @EnumSource
  void aBigBodyIsEchoedWhileItIsSent(TestWire wire) throws Exception {
    long size = 100L << 20;
    try (HttpServer server = wire.start(ECHO);
        HttpClient client = wire.client().build();
        HttpClientResponse response =
            client.send(post(wire.uri(server, "/"), RequestBody.of(new Zeros(size))))) {
      assertThat(count(response.body())).isEqualTo(size);
    }
  }

  private static final class Zeros extends InputStream {
    private long left;

    Zeros(long size) {
      left = size;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int n = (int) Math.min(length, left);
      left -= n;
      return n == 0 && length > 0 ? -1 : n;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aThousandRequestsRunAtOnce(TestWire wire) throws Exception {
    int streams = 250;
    int all = wire.tls() && !wire.http2() ? 200 : 1000;
    CountDownLatch together = new CountDownLatch(all);
    HttpHandler handler =
        x -> {
          together.countDown();
          together.await();
          x.respond(200, new HttpHeaders(), x.rawPath().getBytes(UTF_8));
        };
    try (HttpServer server = wire.start(handler);
        HttpClient client = wire.client().build();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> answers = new ArrayList<>();
      for (int i = 0; i < all; i++) {
        URI uri = wire.uri(server, "/" + i);
        answers.add(threads.submit(() -> client.send(HttpRequest.get(uri)).bytes()));
      }
      for (int i = 0; i < all; i++) {
        assertThat(answers.get(i).get(100, TimeUnit.SECONDS)).asString(UTF_8).isEqualTo("/" + i);
      }
      assertThat(server.connections()).isLessThanOrEqualTo(wire.http2() ? all / streams + 1 : all);
    }
  }

  @ParameterizedTest
  @EnumSource
  void closingAWatchTellsTheServer(TestWire wire) throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    HttpHandler handler =
        x -> {
          x.onClose(closed::countDown);
          ResponseStream stream = x.start(200, new HttpHeaders());
          stream.write("event".getBytes(UTF_8));
          stream.flush();
          closed.await();
        };
    try (HttpServer server = wire.start(handler);
        HttpClient client = wire.client().build()) {
      HttpClientResponse response = client.send(HttpRequest.get(wire.uri(server, "/")));
      assertThat(response.body().readNBytes(5)).asString(UTF_8).isEqualTo("event");
      response.close();
      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatGoesAwayBreaksTheWatchOff(TestWire wire) throws Exception {
    HttpHandler handler =
        x -> {
          ResponseStream stream = x.start(200, new HttpHeaders());
          stream.flush();
          CountDownLatch closed = new CountDownLatch(1);
          x.onClose(closed::countDown);
          closed.await();
        };
    try (HttpServer server = wire.start(handler);
        HttpClient client = wire.client().build()) {
      HttpClientResponse response = client.send(HttpRequest.get(wire.uri(server, "/")));
      server.close();
      assertThatThrownBy(response::bytes).isInstanceOf(TransportException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aResponseThatDoesNotComeInTimeIsGivenUp(TestWire wire) throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    HttpHandler handler =
        x -> {
          x.onClose(closed::countDown);
          closed.await();
        };
    try (HttpServer server = wire.start(handler);
        HttpClient client = wire.client().build()) {
      HttpRequest request =
          HttpRequest.get(wire.uri(server, "/")).withTimeout(Duration.ofMillis(100));
      assertThatThrownBy(() -> client.send(request)).isInstanceOf(ResponseTimeoutException.class);
      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDrainingServerFinishesWhatRuns(TestWire wire) throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    HttpHandler handler =
        x -> {
          started.countDown();
          finish.await();
          x.respond(200, new HttpHeaders(), "done".getBytes(UTF_8));
        };
    try (HttpServer server = wire.start(handler);
        HttpClient client = wire.client().build();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      HttpRequest request = HttpRequest.get(wire.uri(server, "/"));
      Future<byte[]> answer = threads.submit(() -> client.send(request).bytes());
      started.await();
      Future<?> drained = threads.submit(() -> server.drainAndClose(Duration.ofSeconds(30)));
      await().until(() -> refusesConnections(server.port()));
      assertThat(drained.isDone()).isFalse();
      finish.countDown();
      assertThat(answer.get(30, TimeUnit.SECONDS)).asString(UTF_8).isEqualTo("done");
      drained.get(30, TimeUnit.SECONDS);
      assertThat(server.connections()).isZero();
    }
  }

  private static boolean refusesConnections(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return !socket.isConnected();
    } catch (IOException e) {
      return true;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRestartedServerIsFoundAgain(TestWire wire) {
    HttpHandler handler = x -> x.respond(200, new HttpHeaders(), "ok".getBytes(UTF_8));
    try (HttpClient client = wire.client().build()) {
      int port;
      try (HttpServer first = startOnQuietPort(wire.server().handler(handler))) {
        port = first.port();
        assertThat(client.send(HttpRequest.get(wire.uri(first, "/"))).bytes()).hasSize(2);
      }
      try (HttpServer second =
          wire.server().bind(new InetSocketAddress("127.0.0.1", port)).handler(handler).start()) {
        assertThat(client.send(HttpRequest.get(wire.uri(second, "/"))).bytes()).hasSize(2);
      }
    }
  }

  /** On a port that the kernel will not give to a connection of another test in the meantime. */
  private static HttpServer startOnQuietPort(HttpServer.Builder builder) {
    for (int port = 20_000; ; port++) {
      try {
        return builder.bind(new InetSocketAddress("127.0.0.1", port)).start();
      } catch (TransportException e) {
        assertThat(port).as("ports tried").isLessThan(30_000);
      }
    }
  }

  @Test
  void aUnixSocketCarriesRequests(@TempDir Path directory) {
    Path socket = directory.resolve("s");
    HttpHandler handler = x -> x.respond(200, new HttpHeaders(), x.rawPath().getBytes(UTF_8));
    try (HttpServer server = HttpServer.builder().unixSocket(socket).handler(handler).start();
        HttpClient client = HttpClient.builder().unixSocket(socket).build()) {
      assertThat(server.connections()).isZero();
      URI uri = URI.create("http://localhost/status");
      assertThat(client.send(HttpRequest.get(uri)).bytes()).asString(UTF_8).isEqualTo("/status");
    }
  }

  @Test
  void aServerOfAnotherAuthorityIsNotTrusted() {
    ClientTls wrong = ClientTls.trusting(new TestCertificates("other-ca").trust());
    HttpHandler handler = x -> x.respond(200, new HttpHeaders());
    try (HttpServer server = TestWire.TLS_2.start(handler);
        HttpClient client = HttpClient.builder().tls(wrong).build()) {
      HttpRequest request = HttpRequest.get(TestWire.TLS_2.uri(server, "/"));
      assertThatThrownBy(() -> client.send(request)).isInstanceOf(ConnectionFailedException.class);
    }
  }

  @Test
  void aServerUnderAnotherNameIsNotTrusted() {
    HttpHandler handler = x -> x.respond(200, new HttpHeaders());
    try (HttpServer server = TestWire.TLS_2.start(handler)) {
      HttpRequest request = HttpRequest.get(TestWire.TLS_2.uri(server, "/"));
      ClientTls trust = ClientTls.trusting(TestWire.CERTIFICATES.trust());
      try (HttpClient client =
          HttpClient.builder().tls(trust.withServerName("elsewhere.example")).build()) {
        assertThatThrownBy(() -> client.send(request))
            .isInstanceOf(ConnectionFailedException.class);
      }
      try (HttpClient client =
          HttpClient.builder().tls(trust.withServerName("localhost")).build()) {
        assertThat(client.send(request).status()).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TLS_1", "TLS_2"})
  void theServerJudgesClientCertificates(TestWire wire) {
    HttpHandler handler =
        x -> {
          String who =
              x.peerCertificates().isEmpty()
                  ? "nobody"
                  : x.peerCertificates().get(0).getSubjectX500Principal().getName();
          x.respond(
              200, new HttpHeaders(), (who + " " + x.peerCertificateProblem()).getBytes(UTF_8));
        };
    KeyMaterial good = TestWire.CERTIFICATES.client("admin");
    KeyMaterial wrongUse = TestWire.CERTIFICATES.server("admin");
    KeyMaterial stranger = new TestCertificates("test-ca").client("admin");
    try (HttpServer server = wire.start(handler)) {
      ClientTls trust = ClientTls.trusting(TestWire.CERTIFICATES.trust());
      assertThat(ask(wire, server, trust)).isEqualTo("nobody null");
      assertThat(ask(wire, server, trust.withKey(good))).isEqualTo("CN=admin null");
      assertThat(ask(wire, server, trust.withKey(wrongUse)))
          .isEqualTo("nobody certificate specifies an incompatible key usage");
      assertThat(ask(wire, server, trust.withKey(stranger)))
          .isEqualTo("nobody certificate signed by unknown authority");
    }
  }

  private static String ask(TestWire wire, HttpServer server, ClientTls tls) {
    try (HttpClient client = wire.client().tls(tls).build()) {
      return new String(client.send(HttpRequest.get(wire.uri(server, "/"))).bytes(), UTF_8);
    }
  }

  @Test
  void aDeadServerIsNoticedByItsSilence() throws Exception {
    HttpHandler handler =
        x -> {
          x.start(200, new HttpHeaders()).flush();
          CountDownLatch closed = new CountDownLatch(1);
          x.onClose(closed::countDown);
          closed.await();
        };
    try (HttpServer server = TestWire.PLAIN_2.start(handler);
        FreezableProxy proxy = new FreezableProxy(server.port());
        HttpClient client =
            TestWire.PLAIN_2.client().pingInterval(Duration.ofMillis(100)).build()) {
      URI uri = URI.create("http://127.0.0.1:" + proxy.port() + "/");
      HttpClientResponse response = client.send(HttpRequest.get(uri));
      proxy.freeze();
      assertThatThrownBy(response::bytes).isInstanceOf(TransportException.class);
    }
  }

  /** Passes bytes both ways until told to stop, then holds the connections open in silence. */
  private static final class FreezableProxy implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0);
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger frozen = new AtomicInteger();

    FreezableProxy(int target) throws IOException {
      Thread.startVirtualThread(
          () -> {
            try {
              while (true) {
                Socket client = listening.accept();
                Socket server = new Socket("127.0.0.1", target);
                sockets.add(client);
                sockets.add(server);
                Thread.startVirtualThread(() -> copy(client, server));
                Thread.startVirtualThread(() -> copy(server, client));
              }
            } catch (IOException e) {
              // closed
            }
          });
    }

    private void copy(Socket from, Socket to) {
      byte[] buffer = new byte[8192];
      try {
        for (int n = from.getInputStream().read(buffer);
            n >= 0;
            n = from.getInputStream().read(buffer)) {
          if (frozen.get() == 0) {
            to.getOutputStream().write(buffer, 0, n);
          }
        }
      } catch (IOException e) {
        // closed
      }
    }

    int port() {
      return listening.getLocalPort();
    }

    void freeze() {
      frozen.set(1);
    }

    @Override
    public void close() throws IOException {
      listening.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
