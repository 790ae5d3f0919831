package io.kubra.client.testing;

import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.client.ApiClient;
import io.kubra.client.ApiRequest;
import io.kubra.client.ApiResponse;
import io.kubra.client.ApiTransport;
import io.kubra.transport.websocket.WebSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A way to the API server that loses requests or answers when it is told to. */
public final class FaultyTransport implements ApiTransport {
  /** What happens to requests. */
  public enum Fault {
    NONE,
    REQUEST_LOST,
    ANSWER_LOST,
    HANGS
  }

  private final ApiClient inner;
  private final CountDownLatch never = new CountDownLatch(1);
  public volatile Fault fault = Fault.NONE;

  /** A way for a user of this name, who may do everything. */
  public FaultyTransport(TestingApiServer server, String name) {
    this.inner =
        ApiClient.local(
            server.transport(), UserInfo.class, UserInfo.of(name, UserInfo.MASTERS), name);
  }

  @Override
  public ApiResponse send(ApiRequest request) {
    switch (fault) {
      case REQUEST_LOST -> throw new UncheckedIOException(new IOException("request lost"));
      case HANGS -> {
        try {
          never.await();
        } catch (InterruptedException e) {
          throw new UncheckedIOException(new IOException("interrupted"));
        }
      }
      case NONE, ANSWER_LOST -> {}
    }
    ApiResponse response = inner.exchange(request);
    if (fault == Fault.ANSWER_LOST && !request.method().equals("GET")) {
      response.close();
      throw new UncheckedIOException(new IOException("answer lost"));
    }
    return response;
  }

  @Override
  public WebSocket webSocket(String target, List<String> subprotocols) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    inner.close();
  }
}
