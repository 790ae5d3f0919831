package io.kubra.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.transport.TestCertificates;
import io.kubra.transport.tls.ServerTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server as the JDK's client sees it: HTTP/1.1 and HTTP/2, with and without TLS. */
final class HttpServerTest {
  enum Wire {
    PLAIN_1(Version.HTTP_1_1, false),
    TLS_1(Version.HTTP_1_1, true),
    TLS_2(Version.HTTP_2, true);

    final Version version;
    final boolean tls;

    Wire(Version version, boolean tls) {
      this.version = version;
      this.tls = tls;
    }
  }

  private static final TestCertificates CERTIFICATES = new TestCertificates("test-ca");

  private static HttpServer start(Wire wire, HttpHandler handler) {
    HttpServer.Builder builder = HttpServer.builder().handler(handler);
    if (wire.tls) {
      builder.tls(ServerTls.of(CERTIFICATES.server("localhost"), CERTIFICATES.trust()));
    }
    return builder.start();
  }

  private static HttpClient client(Wire wire) throws Exception {
    HttpClient.Builder builder = HttpClient.newBuilder().version(wire.version);
    if (wire.tls) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("ca", CERTIFICATES.trust().get(0));
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      TrustManager[] trust = factory.getTrustManagers();
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust, null);
      builder.sslContext(context);
    }
    return builder.build();
  }

  private static URI uri(Wire wire, HttpServer server, String path) {
    return URI.create((wire.tls ? "https" : "http") + "://127.0.0.1:" + server.port() + path);
  }

  @ParameterizedTest
  @EnumSource
  void answersWithWhatTheHandlerSays(Wire wire) throws Exception {
    HttpHandler handler =
        x -> {
          String text = x.method() + " " + x.rawPath() + " " + x.rawQuery() + " " + x.protocol();
          byte[] body = x.readBody(1000);
          x.respond(
              201,
              HttpHeaders.of("X-Answer", "42"),
              text.getBytes(UTF_8),
              " ".getBytes(UTF_8),
              body);
        };
    try (HttpServer server = start(wire, handler);
        HttpClient client = client(wire)) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(uri(wire, server, "/a%20b?c=d"))
                  .POST(BodyPublishers.ofString("hello"))
                  .build(),
              BodyHandlers.ofString());
      String protocol = wire == Wire.TLS_2 ? "HTTP/2" : "HTTP/1.1";
      assertThat(response.statusCode()).isEqualTo(201);
      assertThat(response.body()).isEqualTo("POST /a%20b c=d " + protocol + " hello");
      assertThat(response.headers().firstValue("x-answer")).contains("42");
      assertThat(response.version()).isEqualTo(wire.version);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHeadRequestGetsHeadersOnly(Wire wire) throws Exception {
    HttpHandler handler = x -> x.respond(200, new HttpHeaders(), new byte[123]);
    try (HttpServer server = start(wire, handler);
        HttpClient client = client(wire)) {
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> response =
            client.send(
                HttpRequest.newBuilder(uri(wire, server, "/")).HEAD().build(),
                BodyHandlers.ofString());
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValue("content-length")).contains("123");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFlushedPieceArrivesWhileTheResponseIsOpen(Wire wire) throws Exception {
    CountDownLatch firstRead = new CountDownLatch(1);
    HttpHandler handler =
        x -> {
          try (ResponseStream stream = x.start(200, new HttpHeaders())) {
            stream.write("first".getBytes(UTF_8));
            stream.flush();
            firstRead.await();
            stream.write("second".getBytes(UTF_8));
          }
        };
    try (HttpServer server = start(wire, handler);
        HttpClient client = client(wire)) {
      HttpResponse<InputStream> response =
          client.send(
              HttpRequest.newBuilder(uri(wire, server, "/")).build(), BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        assertThat(body.readNBytes(5)).isEqualTo("first".getBytes(UTF_8));
        firstRead.countDown();
        assertThat(body.readAllBytes()).isEqualTo("second".getBytes(UTF_8));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void bigBodiesStreamBothWays(Wire wire) throws Exception {
    long size = 100L << 20;
    HttpHandler handler =
        x -> {
          long read = count(x.body());
          try (ResponseStream stream = x.start(200, new HttpHeaders())) {
            byte[] piece = new byte[65536];
            for (long left = read; left > 0; left -= piece.length) {
              stream.write(piece);
            }
          }
        };
    try (HttpServer server = start(wire, handler);
        HttpClient client = client(wire)) {
      HttpResponse<InputStream> response =
          client.send(
              HttpRequest.newBuilder(uri(wire, server, "/"))
                  .POST(BodyPublishers.ofInputStream(() -> new Zeros(size)))
                  .build(),
              BodyHandlers.ofInputStream());
      assertThat(count(response.body())).isEqualTo(size);
    }
  }

  private static long count(InputStream in) throws IOException {
    try (in) {
      byte[] buffer = new byte[65536];
      long total = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        total += n;
      }
      return total;
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
      if (left <= 0) {
        return -1;
      }
      int n = (int) Math.min(length, left);
      left -= n;
      return n;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatLeavesEndsTheExchange(Wire wire) throws Exception {
    CompletableFuture<Throwable> writer = new CompletableFuture<>();
    CountDownLatch closed = new CountDownLatch(1);
    HttpHandler handler =
        x -> {
          x.onClose(closed::countDown);
          try (ResponseStream stream = x.start(200, new HttpHeaders())) {
            while (true) {
              stream.write(new byte[10_000]);
              stream.flush();
            }
          } catch (ClientGoneException e) {
            writer.complete(e);
            throw e;
          }
        };
    try (HttpServer server = start(wire, handler);
        HttpClient client = client(wire)) {
      HttpResponse<InputStream> response =
          client.send(
              HttpRequest.newBuilder(uri(wire, server, "/")).build(), BodyHandlers.ofInputStream());
      assertThat(response.body().readNBytes(20_000)).hasSize(20_000);
      response.body().close();
      assertThat(writer.get(30, TimeUnit.SECONDS)).isInstanceOf(ClientGoneException.class);
      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSlowReaderHoldsTheWriterBack(Wire wire) throws Exception {
    AtomicLong written = new AtomicLong();
    long total = 64L << 20;
    HttpHandler handler =
        x -> {
          try (ResponseStream stream = x.start(200, new HttpHeaders())) {
            byte[] piece = new byte[64 * 1024];
            while (written.get() < total) {
              stream.write(piece);
              written.addAndGet(piece.length);
            }
          }
        };
    try (HttpServer server = start(wire, handler);
        HttpClient client = client(wire)) {
      HttpResponse<InputStream> response =
          client.send(
              HttpRequest.newBuilder(uri(wire, server, "/")).build(), BodyHandlers.ofInputStream());
      long seen = -1;
      while (seen != written.get()) { // until the writer stands still
        seen = written.get();
        TimeUnit.MILLISECONDS.sleep(300);
      }
      assertThat(seen).isLessThan(total);
      long read = count(response.body());
      assertThat(read).isEqualTo(total);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aThousandRequestsRunAtOnce(Wire wire) throws Exception {
    int count = wire == Wire.TLS_1 ? 200 : 1000;
    CountDownLatch all = new CountDownLatch(wire == Wire.TLS_2 ? 100 : count);
    HttpHandler handler =
        x -> {
          all.countDown();
          all.await();
          x.respond(200, new HttpHeaders(), x.rawPath().getBytes(UTF_8));
        };
    try (HttpServer server = start(wire, handler);
        HttpClient client = client(wire)) {
      List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        if (wire == Wire.TLS_2 && i % 100 == 0) {
          responses.forEach(CompletableFuture::join); // within the streams a connection may have
        }
        responses.add(
            client.sendAsync(
                HttpRequest.newBuilder(uri(wire, server, "/" + i)).build(),
                BodyHandlers.ofString()));
      }
      for (int i = 0; i < count; i++) {
        assertThat(responses.get(i).join().body()).isEqualTo("/" + i);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFailingHandlerIsAnInternalError(Wire wire) throws Exception {
    HttpHandler handler =
        x -> {
          throw new IOException("expected by a test");
        };
    try (HttpServer server = start(wire, handler);
        HttpClient client = client(wire)) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(uri(wire, server, "/")).build(), BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(500);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBodyOverTheLimitIsRefused(Wire wire) throws Exception {
    HttpHandler handler = x -> x.respond(200, new HttpHeaders(), x.readBody(1000));
    try (HttpServer server = start(wire, handler);
        HttpClient client = client(wire)) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(uri(wire, server, "/"))
                  .POST(BodyPublishers.ofByteArray(new byte[200_000]))
                  .build(),
              BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(413);
    }
  }
}
