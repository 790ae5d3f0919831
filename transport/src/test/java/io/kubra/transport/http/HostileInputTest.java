package io.kubra.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that no decent client sends, over a plain socket. */
final class HostileInputTest {
  private static final HttpHandler ECHO =
      x -> x.respond(200, new HttpHeaders(), (x.rawPath() + "|").getBytes(UTF_8), x.readBody(1000));

  /** Sends bytes, ends the output if asked to, and reads until the server closes. */
  private static String talk(HttpServer server, String sent, boolean end) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(sent.getBytes(UTF_8));
      if (end) {
        socket.shutdownOutput();
      }
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nbad header: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      })
  void malformedRequestsAreRefusedAndTheConnectionCloses(String request) throws Exception {
    try (HttpServer server = HttpServer.builder().handler(ECHO).start()) {
      assertThat(talk(server, request, false)).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }
  }

  @Test
  void headersOverTheLimitAreRefused() throws Exception {
    String big = "x".repeat(70_000);
    try (HttpServer server = HttpServer.builder().handler(ECHO).start()) {
      assertThat(talk(server, "GET / HTTP/1.1\r\nHost: a\r\nX: " + big + "\r\n\r\n", false))
          .startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n");
      assertThat(talk(server, "GET /" + big + " HTTP/1.1\r\nHost: a\r\n\r\n", false))
          .startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN_2", "TLS_2"})
  void headersOverTheLimitAreRefusedInHttp2(TestWire wire) {
    try (HttpServer server = wire.start(ECHO);
        HttpClient client = wire.client().build()) {
      HttpRequest large = HttpRequest.get(wire.uri(server, "/"));
      large.headers().set("X-Token", "x".repeat(60_000));
      assertThat(client.send(large).status()).isEqualTo(200);
      HttpRequest tooLarge = HttpRequest.get(wire.uri(server, "/"));
      tooLarge.headers().set("X-Token", "x".repeat(70_000));
      assertThatThrownBy(() -> client.send(tooLarge)).isInstanceOf(TransportException.class);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    StringBuilder requests = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      requests
          .append("POST /" + i + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n")
          .append(i == 199 ? "Connection: close\r\n\r\nhi" : "\r\nhi");
      expected.append("/" + i + "|hi");
    }
    try (HttpServer server = HttpServer.builder().handler(ECHO).start()) {
      String answers = talk(server, requests.toString(), false);
      String bodies = answers.replaceAll("(?s)HTTP/1.1 200 OK\r\n.*?\r\n\r\n", "");
      assertThat(bodies).isEqualTo(expected.toString());
    }
  }

  @Test
  void aClientThatHasClosedItsSideStillGetsTheAnswer() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    HttpHandler handler =
        x -> {
          x.onClose(told::countDown);
          told.await();
          x.respond(200, new HttpHeaders(), "late".getBytes(UTF_8));
        };
    try (HttpServer server = HttpServer.builder().handler(handler).start()) {
      assertThat(talk(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", true)).endsWith("late");
    }
  }

  @Test
  void continueIsSentWhenTheBodyIsWanted() throws Exception {
    HttpHandler handler =
        x -> {
          if (x.rawPath().equals("/no")) {
            x.respond(401, new HttpHeaders());
          } else {
            ECHO.handle(x);
          }
        };
    String rest = " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    try (HttpServer server = HttpServer.builder().handler(handler).start();
        Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(30_000);
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      out.write(("POST /yes" + rest).getBytes(UTF_8));
      String interim = "HTTP/1.1 100 Continue\r\n\r\n";
      assertThat(in.readNBytes(interim.length())).asString(UTF_8).isEqualTo(interim);
      out.write("hi".getBytes(UTF_8));
      assertThat(in.readNBytes("HTTP/1.1 200 OK".length())).asString(UTF_8).endsWith("200 OK");
      assertThat(talk(server, "POST /no" + rest, false))
          .startsWith("HTTP/1.1 401 Unauthorized\r\n")
          .containsIgnoringCase("connection: close");
    }
  }

  @Test
  void anEarlyAnswerSurvivesALargeUpload() throws Exception {
    HttpHandler handler = x -> x.respond(413, new HttpHeaders(), "too much".getBytes(UTF_8));
    String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n";
    try (HttpServer server = HttpServer.builder().handler(handler).start()) {
      assertThat(talk(server, head + "x".repeat(500_000), false)).endsWith("too much");
    }
  }

  @Test
  void aSilentConnectionIsClosed() throws Exception {
    HttpServer.Builder builder =
        HttpServer.builder().handler(ECHO).headerTimeout(Duration.ofMillis(200));
    try (HttpServer server = builder.start()) {
      assertThat(talk(server, "", false)).isEmpty();
      assertThat(talk(server, "GET / HT", false)).startsWith("HTTP/1.1 408 ");
    }
    try (HttpServer server = builder.idleTimeout(Duration.ofMillis(200)).start()) {
      assertThat(talk(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", false)).endsWith("/|");
    }
  }

  @Test
  void aStalledBodyFailsItsReader() throws Exception {
    CompletableFuture<Boolean> failed = new CompletableFuture<>();
    HttpHandler handler =
        x -> {
          try {
            x.readBody(100);
          } catch (ClientGoneException e) {
            failed.complete(true);
            throw e;
          }
        };
    HttpServer.Builder builder =
        HttpServer.builder().handler(handler).bodyTimeout(Duration.ofMillis(200));
    try (HttpServer server = builder.start()) {
      assertThat(talk(server, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc", false))
          .isEmpty();
      assertThat(failed.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aBodyThatComesDropByDropFailsItsReader() throws Exception {
    CompletableFuture<Boolean> failed = new CompletableFuture<>();
    HttpHandler handler =
        x -> {
          try {
            x.readBody(100_000);
          } catch (ClientGoneException e) {
            failed.complete(true);
            throw e;
          }
        };
    HttpServer.Builder builder =
        HttpServer.builder().handler(handler).bodyTimeout(Duration.ofMillis(500));
    try (HttpServer server = builder.start();
        Socket socket = new Socket("127.0.0.1", server.port())) {
      OutputStream out = socket.getOutputStream();
      out.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n".getBytes(UTF_8));
      await()
          .pollInterval(Duration.ofMillis(50))
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .until(
              () -> {
                if (!failed.isDone()) {
                  out.write('x');
                }
                return failed.isDone();
              });
    }
  }

  @Test
  void aClientMayNotAskForAnotherHandshake() throws Exception {
    KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
    authorities.load(null, null);
    authorities.setCertificateEntry("ca", TestWire.CERTIFICATES.trust().getFirst());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    SSLContext context = SSLContext.getInstance("TLSv1.2");
    context.init(null, trust.getTrustManagers(), null);
    try (HttpServer server = TestWire.TLS_2.start(ECHO);
        SSLSocket socket =
            (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
      socket.setSoTimeout(30_000);
      socket.startHandshake();
      socket.startHandshake();
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));
      assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anOldClientGetsAnUnchunkedBody() throws Exception {
    HttpHandler handler =
        x -> {
          try (ResponseStream stream = x.start(200, new HttpHeaders())) {
            stream.write("one".getBytes(UTF_8));
            stream.flush();
            stream.write("two".getBytes(UTF_8));
          }
        };
    try (HttpServer server = HttpServer.builder().handler(handler).start()) {
      assertThat(talk(server, "GET / HTTP/1.0\r\n\r\n", false)).endsWith("\r\n\r\nonetwo");
    }
  }

  @Test
  void plainHttpOnATlsPortIsTold() throws Exception {
    try (HttpServer server = TestWire.TLS_2.start(ECHO)) {
      assertThat(talk(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", false))
          .startsWith("HTTP/1.0 400 Bad Request")
          .endsWith("Client sent an HTTP request to an HTTPS server.\n");
    }
  }

  @Test
  void connectionsThatNeverFinishTheirHandshakeMakeRoomForOthers() throws Exception {
    HttpServer.Builder builder = TestWire.TLS_2.server().handler(ECHO).maxHandshakes(10);
    List<Socket> silent = new ArrayList<>();
    try (HttpServer server = builder.start();
        HttpClient client = TestWire.TLS_2.client().build()) {
      for (int i = 0; i < 50; i++) {
        silent.add(new Socket("127.0.0.1", server.port()));
      }
      await().untilAsserted(() -> assertThat(server.connections()).isEqualTo(10));
      assertThat(client.send(HttpRequest.get(TestWire.TLS_2.uri(server, "/"))).status())
          .isEqualTo(200);
      assertThat(server.connections()).isEqualTo(10);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void anAnnouncedLengthTakesNoMemoryBeforeItsBytes() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    HttpHandler handler =
        x -> {
          asked.countDown();
          x.readBody(Integer.MAX_VALUE);
        };
    String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2147483647\r\n\r\n";
    try (HttpServer server = HttpServer.builder().handler(handler).start()) {
      assertThat(talk(server, head, true)).isEmpty();
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
