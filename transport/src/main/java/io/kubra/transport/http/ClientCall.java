package io.kubra.transport.http;

import io.kubra.transport.io.InboundBytes;
import io.kubra.transport.io.OutboundGate;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A request under way: what its connection reports, and what its sender waits for. */
final class ClientCall {
  /** Puts one piece of the request body on the wire. */
  interface BodyWriter {
    void write(byte[] piece, boolean last);
  }

  private static final int PIECE = 64 * 1024;

  private final HttpRequest request;
  private final CompletableFuture<HttpClientResponse> response = new CompletableFuture<>();
  private final OutboundGate gate =
      new OutboundGate(
          OutboundGate.DEFAULT_LIMIT,
          cause -> new TransportException("the request body could not be sent"));
  private final InboundBytes body;
  private volatile boolean retriable = true;

  ClientCall(HttpRequest request, HttpClient.Builder config, int reportEvery, IntConsumer taken) {
    this.request = request;
    this.body = new InboundBytes(config.readTimeout, reportEvery, taken);
  }

  HttpRequest request() {
    return request;
  }

  CompletableFuture<HttpClientResponse> response() {
    return response;
  }

  OutboundGate gate() {
    return gate;
  }

  InboundBytes body() {
    return body;
  }

  /** Whether the server has certainly done nothing about a request that failed. */
  boolean retriable() {
    return retriable;
  }

  /** The status and headers have arrived. {@code cancel} gives the rest up. */
  void answered(int status, HttpHeaders headers, String protocol, Runnable cancel) {
    retriable = false;
    response.complete(new Answer(status, headers, protocol, body, cancel));
  }

  /** The connection or the stream has ended before its time. */
  void failed(@Nullable Throwable why, boolean mayRetry) {
    retriable = retriable && mayRetry;
    gate.fail(why);
    Throwable cause = why == null ? new IOException("the connection was closed") : why;
    body.fail(cause);
    response.completeExceptionally(cause);
  }

  /** Sends a streaming body, on a thread of its own; stops when the answer makes it needless. */
  void sendBody(RequestBody.Streaming streaming, BodyWriter writer) {
    retriable = false;
    Thread.startVirtualThread(() -> copyBody(streaming, writer));
  }

  private void copyBody(RequestBody.Streaming streaming, BodyWriter writer) {
    try (InputStream content = streaming.content()) {
      byte[] buffer = new byte[PIECE];
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        gate.enter(n);
        writer.write(Arrays.copyOf(buffer, n), false);
      }
      writer.write(new byte[0], true);
    } catch (TransportException e) {
      if (!response.isDone()) {
        failed(e, false);
      }
    } catch (IOException e) {
      failed(new IOException("the request body cannot be read: " + e.getMessage(), e), false);
    }
  }

  private record Answer(
      int status, HttpHeaders headers, String protocol, InboundBytes in, Runnable cancel)
      implements HttpClientResponse {
    @Override
    public InputStream body() {
      return in;
    }

    @Override
    public void close() {
      boolean whole = in.ended();
      in.close();
      if (!whole) {
        cancel.run();
      }
    }
  }
}
