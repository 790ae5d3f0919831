package io.kubra.transport.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.transport.http.ClientGoneException;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.ResponseStream;
import io.kubra.transport.http.ResponseTimeoutException;
import io.kubra.transport.http.TransportException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LocalTransportTest {
  private record Identity(String name) {}

  private static final URI ROOT = URI.create("/things?x=1");

  @Test
  void theHandlerSeesTheRequestAndItsAttributes() {
    LocalTransport transport =
        new LocalTransport(
            x -> {
              Identity identity = x.attribute(Identity.class);
              String who = identity == null ? "nobody" : identity.name();
              String what = x.method() + " " + x.rawPath() + "?" + x.rawQuery() + " by " + who;
              x.respond(200, new HttpHeaders(), what.getBytes(UTF_8), x.readBody(10));
            },
            Map.of(Identity.class, new Identity("admin")));
    HttpRequest request = HttpRequest.of("PUT", ROOT, new HttpHeaders(), " body".getBytes(UTF_8));
    assertThat(transport.send(request).bytes())
        .isEqualTo("PUT /things?x=1 by admin body".getBytes(UTF_8));
    assertThat(transport.send(request.withAttribute(Identity.class, new Identity("eve"))).bytes())
        .isEqualTo("PUT /things?x=1 by eve body".getBytes(UTF_8));
  }

  @Test
  void closingAnOpenResponseEndsTheExchange() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    CompletableFuture<Boolean> gone = new CompletableFuture<>();
    LocalTransport transport =
        new LocalTransport(
            x -> {
              x.onClose(closed::countDown);
              try (ResponseStream stream = x.start(200, new HttpHeaders())) {
                while (true) {
                  stream.write(new byte[1000]);
                  stream.flush();
                }
              } catch (ClientGoneException e) {
                gone.complete(true);
                throw e;
              }
            });
    HttpClientResponse response = transport.send(HttpRequest.get(ROOT));
    assertThat(response.body().readNBytes(5000)).hasSize(5000);
    response.close();
    assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(gone.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aHandlerThatFailsMidwayBreaksTheResponseOff() {
    LocalTransport transport =
        new LocalTransport(
            x -> {
              ResponseStream stream = x.start(200, new HttpHeaders());
              stream.write(new byte[1000]);
              stream.flush();
              throw new IllegalStateException("expected by a test");
            });
    HttpClientResponse response = transport.send(HttpRequest.get(ROOT));
    assertThatThrownBy(response::bytes).isInstanceOf(TransportException.class);
  }

  @Test
  void aHandlerThatTakesTooLongIsCancelled() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    LocalTransport transport =
        new LocalTransport(
            x -> {
              x.onClose(closed::countDown);
              closed.await();
            });
    HttpRequest request = HttpRequest.get(ROOT).withTimeout(Duration.ofMillis(50));
    assertThatThrownBy(() -> transport.send(request)).isInstanceOf(ResponseTimeoutException.class);
    assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
  }
}
