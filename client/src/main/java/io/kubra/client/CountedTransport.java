package io.kubra.client;

import io.kubra.metrics.CounterFamily;
import io.kubra.metrics.HistogramFamily;
import io.kubra.metrics.MetricRegistry;
import io.kubra.transport.websocket.WebSocket;
import java.util.List;

/** Counts and times the requests of a client under upstream's names. */
final class CountedTransport implements ApiTransport {
  private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};
  private static final String NO_ANSWER = "<error>";

  private final ApiTransport inner;
  private final String host;
  private final CounterFamily requests;
  private final HistogramFamily seconds;

  CountedTransport(ApiTransport inner, String host, MetricRegistry registry) {
    this.inner = inner;
    this.host = host;
    this.requests =
        registry.counter(
            "rest_client_requests_total",
            "Number of HTTP requests, partitioned by status code, method, and host.",
            "code",
            "host",
            "method");
    this.seconds =
        registry.histogram(
            "rest_client_request_duration_seconds",
            "Request latency in seconds. Broken down by verb, and host.",
            SECONDS,
            "host",
            "verb");
  }

  @Override
  public ApiResponse send(ApiRequest request) {
    long from = System.nanoTime();
    String code = NO_ANSWER;
    try {
      ApiResponse response = inner.send(request);
      code = Integer.toString(response.status());
      return response;
    } finally {
      requests.with(code, host, request.method()).increment();
      seconds.with(host, request.method()).observeSince(from);
    }
  }

  @Override
  public WebSocket webSocket(String target, List<String> subprotocols) {
    return inner.webSocket(target, subprotocols);
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public void close() {
    inner.close();
  }
}
