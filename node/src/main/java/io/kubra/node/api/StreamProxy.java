package io.kubra.node.api;

import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.TransportException;
import io.kubra.transport.http.UpgradeException;
import io.kubra.transport.io.RawConnection;
import io.kubra.transport.websocket.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins callers with the runtime's streaming server. The runtime speaks SPDY/3.1: callers who do,
 * too, get its bytes as they are.
 */
final class StreamProxy {
  private static final Logger LOG = LoggerFactory.getLogger(StreamProxy.class);
  private static final int BLOCK = 32 << 10;
  private static final List<String> PASSED =
      List.of("X-Stream-Protocol-Version", "Connection", "Upgrade");

  private final HttpClient http;

  StreamProxy(HttpClient http) {
    this.http = http;
  }

  /** Hands a caller who speaks SPDY to the runtime. */
  void spdy(HttpExchange x, String url) throws Refusal {
    HttpHeaders headers = new HttpHeaders();
    for (String name : PASSED) {
      x.headers().all(name).forEach(value -> headers.add(name, value));
    }
    HttpClient.Upgraded runtime = connect(url, headers);
    HttpHeaders answer = new HttpHeaders();
    runtime.headers().forEach(answer::add);
    try (RawConnection there = runtime.connection();
        RawConnection here = x.acceptUpgrade(answer)) {
      join(here.in(), there.out(), there.in(), here.out());
    }
  }

  /** Hands a caller who sends SPDY inside WebSocket messages to the runtime. */
  void tunnel(HttpExchange x, String url, String subprotocol) throws Refusal {
    HttpHeaders headers =
        HttpHeaders.of(
            "Connection", "Upgrade",
            "Upgrade", "SPDY/3.1",
            "X-Stream-Protocol-Version", "portforward.k8s.io");
    HttpClient.Upgraded runtime = connect(url, headers);
    try (RawConnection there = runtime.connection();
        WebSocket here = x.acceptWebSocket(subprotocol, new HttpHeaders())) {
      Thread back =
          Thread.ofVirtual()
              .name("tunnel")
              .start(
                  () -> {
                    try {
                      byte[] block = new byte[BLOCK];
                      for (int n = there.in().read(block); n >= 0; n = there.in().read(block)) {
                        here.sendBinary(Arrays.copyOf(block, n));
                      }
                    } catch (IOException | RuntimeException e) {
                      LOG.debug("tunnel from the runtime ended: {}", e.toString());
                    } finally {
                      here.close();
                    }
                  });
      try {
        OutputStream out = there.out();
        for (var frame = here.receive(); frame != null; frame = here.receive()) {
          if (frame instanceof WebSocket.Frame.Binary binary) {
            out.write(binary.bytes());
            out.flush();
          }
        }
      } catch (IOException e) {
        LOG.debug("tunnel to the runtime ended: {}", e.toString());
      } finally {
        there.close();
        awaitEnd(back);
      }
    }
  }

  private HttpClient.Upgraded connect(String url, HttpHeaders headers) throws Refusal {
    try {
      return http.connectUpgrade(HttpRequest.of("POST", URI.create(url), headers));
    } catch (UpgradeException e) {
      throw new Refusal(e.status() >= 400 ? e.status() : 502, e.text());
    } catch (TransportException e) {
      throw new Refusal(502, "error dialing backend: " + e.getMessage());
    }
  }

  private static void join(
      InputStream callerIn,
      OutputStream runtimeOut,
      InputStream runtimeIn,
      OutputStream callerOut) {
    Thread back = Thread.ofVirtual().name("stream-back").start(() -> copy(runtimeIn, callerOut));
    copy(callerIn, runtimeOut);
    awaitEnd(back);
  }

  private static void awaitEnd(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Copies until the end, which is passed on. */
  static void copy(InputStream in, OutputStream out) {
    byte[] block = new byte[BLOCK];
    try {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        out.write(block, 0, n);
        out.flush();
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("stream ended: {}", e.toString());
    } finally {
      try {
        out.close();
      } catch (IOException | RuntimeException e) {
        LOG.trace("stream was closed already: {}", e.toString());
      }
    }
  }
}
