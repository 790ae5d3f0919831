package io.kubra.transport.local;

import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHandler;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.HttpTransport;
import io.kubra.transport.http.ResponseTimeoutException;
import io.kubra.transport.http.TransportException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls a handler inside the process. Bodies pass by reference, a streaming response through a
 * bounded pipe; closing a response that has not ended tells the handler that its client is gone.
 */
public final class LocalTransport implements HttpTransport {
  private final HttpHandler handler;
  private final Map<Class<?>, Object> attributes;

  /** Calls {@code handler} without attributes of its own. */
  public LocalTransport(HttpHandler handler) {
    this(handler, Map.of());
  }

  /** Calls {@code handler} with attributes on every request, for example an identity. */
  public LocalTransport(HttpHandler handler, Map<Class<?>, Object> attributes) {
    this.handler = handler;
    this.attributes = Map.copyOf(attributes);
  }

  /** The same handler, with one more attribute on every request. */
  public <T> LocalTransport withAttribute(Class<T> type, T value) {
    Map<Class<?>, Object> more = new HashMap<>(attributes);
    more.put(type, value);
    return new LocalTransport(handler, more);
  }

  @Override
  public HttpClientResponse send(HttpRequest request) {
    LocalExchange exchange = new LocalExchange(request, attributes);
    Thread.startVirtualThread(() -> exchange.run(handler));
    Duration timeout = request.timeout();
    try {
      return timeout == null
          ? exchange.response().get()
          : exchange.response().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.cancel();
      throw new TransportException("interrupted while waiting for a response", e);
    } catch (TimeoutException e) {
      exchange.cancel();
      throw new ResponseTimeoutException("no response after " + timeout, e);
    } catch (ExecutionException e) {
      throw new TransportException(
          "the handler gave no response", Objects.requireNonNull(e.getCause()));
    }
  }
}
