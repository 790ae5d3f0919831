package io.kubra.transport.local;

import io.kubra.transport.http.BaseExchange;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.RequestBody;
import io.kubra.transport.http.RequestLine;
import io.kubra.transport.io.InboundBytes;
import io.kubra.transport.io.RawConnection;
import io.kubra.transport.spdy.SpdyConnection;
import io.kubra.transport.websocket.WebSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A request from this process to itself, seen by the handler; makes the response its caller sees.
 */
final class LocalExchange extends BaseExchange {
  private static final SocketAddress HERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final CompletableFuture<HttpClientResponse> response = new CompletableFuture<>();
  private final InboundBytes responseBody;
  private boolean lastSent;

  LocalExchange(HttpRequest request, Map<Class<?>, Object> attributes) {
    super(line(request), headers(request), body(request.body()));
    // what the reader took makes room for the writer
    this.responseBody = new InboundBytes(null, 1, taken -> gate().left(taken));
    attributes(attributes);
    attributes(request.attributes());
  }

  private static RequestLine line(HttpRequest request) {
    String path = request.uri().getRawPath();
    return new RequestLine(
        request.method(),
        path == null || path.isEmpty() ? "/" : path,
        request.uri().getRawQuery(),
        "HTTP/1.1");
  }

  private static HttpHeaders headers(HttpRequest request) {
    HttpHeaders headers = request.headers().copy();
    if (!headers.contains("Host")) {
      headers.add("Host", "localhost");
    }
    if (request.body() instanceof RequestBody.Bytes bytes && bytes.content().length > 0) {
      headers.set("Content-Length", Integer.toString(bytes.content().length));
    }
    return headers;
  }

  private static InboundBytes body(RequestBody body) {
    InboundBytes pipe = new InboundBytes(null, Integer.MAX_VALUE, taken -> {});
    switch (body) {
      case RequestBody.Bytes bytes -> {
        if (bytes.content().length > 0) {
          pipe.offer(Unpooled.wrappedBuffer(bytes.content()));
        }
      }
      case RequestBody.Streaming streaming -> {
        try (InputStream content = streaming.content()) {
          byte[] chunk = new byte[65536];
          for (int n = content.read(chunk); n >= 0; n = content.read(chunk)) {
            pipe.offer(Unpooled.copiedBuffer(chunk, 0, n));
          }
        } catch (IOException e) {
          pipe.fail(e);
        }
      }
    }
    pipe.finish();
    return pipe;
  }

  CompletableFuture<HttpClientResponse> response() {
    return response;
  }

  /** The caller wants nothing more. */
  void cancel() {
    responseBody.close();
    gone(new IOException("the caller cancelled the request"));
  }

  @Override
  protected void send(@Nullable Head head, ByteBuf data, boolean last) {
    if (last) {
      lastSent = true;
    }
    // a whole response does not enter the gate, so that its writer never waits for its reader
    responseBody.offer(data);
    if (last) {
      responseBody.finish();
    }
    if (head != null) {
      HttpHeaders headers = head.headers();
      if (head.contentLength() >= 0) {
        headers = headers.copy().set("Content-Length", Long.toString(head.contentLength()));
      }
      response.complete(new Response(head.status(), headers));
    }
  }

  @Override
  protected void breakOff() {
    lastSent = true;
    responseBody.fail(new IOException("the response was broken off"));
    response.completeExceptionally(new IOException("the response was broken off"));
  }

  @Override
  protected void ended() {
    if (!lastSent) {
      breakOff();
    }
  }

  private final class Response implements HttpClientResponse {
    private final int status;
    private final HttpHeaders headers;

    Response(int status, HttpHeaders headers) {
      this.status = status;
      this.headers = headers;
    }

    @Override
    public int status() {
      return status;
    }

    @Override
    public HttpHeaders headers() {
      return headers;
    }

    @Override
    public String protocol() {
      return "local";
    }

    @Override
    public InputStream body() {
      return responseBody;
    }

    @Override
    public void close() {
      boolean ended = responseBody.ended();
      responseBody.close();
      if (!ended) {
        cancel();
      }
    }
  }

  // ---- what only connections have

  @Override
  public boolean isUpgrade(String protocol) {
    return false;
  }

  @Override
  public WebSocket acceptWebSocket(String subprotocol, HttpHeaders extra) {
    throw noUpgrade();
  }

  @Override
  public SpdyConnection acceptSpdy(HttpHeaders responseHeaders) {
    throw noUpgrade();
  }

  @Override
  public SpdyConnection acceptSpdyOverWebSocket(String subprotocol, HttpHeaders extra) {
    throw noUpgrade();
  }

  @Override
  public RawConnection acceptUpgrade(HttpHeaders responseHeaders) {
    throw noUpgrade();
  }

  private static IllegalStateException noUpgrade() {
    return new IllegalStateException("a request inside the process cannot be upgraded");
  }

  @Override
  public List<X509Certificate> peerCertificates() {
    return List.of();
  }

  @Override
  public SocketAddress remoteAddress() {
    return HERE;
  }

  @Override
  public boolean secure() {
    return true;
  }
}
