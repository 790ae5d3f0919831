package io.kubra.apiserver.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.status.ApiException;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.request.QueryParameters;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.request.RequestInfoParser;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ReverseProxyTest {
  private static final String PATH = "/apis/example.org/v1/things";

  private static URI base(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  private static void passOn(HttpExchange exchange, HttpClient client, URI base) {
    QueryParameters query = QueryParameters.parse(exchange.rawQuery());
    RequestContext context =
        new RequestContext(
            exchange,
            RequestInfoParser.parse(exchange.method(), exchange.rawPath(), query),
            query,
            UserInfo.of("jane"));
    try {
      ReverseProxy.passOn(context, client, base, headers -> {}, Duration.ofMillis(200));
    } catch (ApiException e) {
      exchange.respond(e.code(), new HttpHeaders());
    } catch (IOException e) {
      exchange.respond(500, new HttpHeaders());
    }
  }

  @Test
  void aBackendThatDoesNotAnswerEndsTheRequestInTime() {
    CountDownLatch over = new CountDownLatch(1);
    try (HttpServer hanging =
            HttpServer.builder()
                .handler(
                    x -> {
                      try {
                        over.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    })
                .start();
        HttpClient client = HttpClient.builder().build();
        HttpServer proxy =
            HttpServer.builder().handler(x -> passOn(x, client, base(hanging))).start();
        HttpClient user = HttpClient.builder().responseTimeout(Duration.ofSeconds(20)).build()) {
      try (HttpClientResponse response =
          user.send(HttpRequest.get(URI.create(base(proxy) + PATH)))) {
        assertThat(response.status()).isEqualTo(504);
      } finally {
        over.countDown();
      }
    }
  }
}
