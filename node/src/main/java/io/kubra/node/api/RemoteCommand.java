package io.kubra.node.api;

import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.TransportException;
import io.kubra.transport.http.UpgradeException;
import io.kubra.transport.spdy.SpdyConnection;
import io.kubra.transport.spdy.SpdyStream;
import io.kubra.transport.websocket.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a command's streams between a caller on a WebSocket, where the first byte of each message
 * names its channel, and the runtime on SPDY, where each channel is a stream.
 */
final class RemoteCommand {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteCommand.class);
  private static final String V5 = "v5.channel.k8s.io";
  private static final String V4 = "v4.channel.k8s.io";
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int ERROR = 3;
  private static final int RESIZE = 4;
  private static final int CLOSE = 255;
  private static final int BLOCK = 32 << 10;

  /** Which streams the caller asked for. */
  record Wanted(boolean stdin, boolean stdout, boolean stderr, boolean tty) {}

  private final HttpClient http;
  private final Wanted wanted;

  RemoteCommand(HttpClient http, Wanted wanted) {
    this.http = http;
    this.wanted = wanted;
  }

  /** The subprotocol to speak with a caller, or null if none is known. */
  static @Nullable String subprotocol(HttpExchange x) {
    List<String> offered = x.webSocketProtocols();
    return offered.contains(V5) ? V5 : offered.contains(V4) ? V4 : null;
  }

  /** Runs until the command has ended. */
  void run(HttpExchange x, String subprotocol, String url) throws Refusal {
    try (SpdyConnection runtime = connect(url)) {
      Map<Integer, SpdyStream> streams = new LinkedHashMap<>();
      streams.put(ERROR, open(runtime, "error"));
      if (wanted.stdin) {
        streams.put(STDIN, open(runtime, "stdin"));
      }
      if (wanted.stdout) {
        streams.put(STDOUT, open(runtime, "stdout"));
      }
      if (wanted.stderr && !wanted.tty) {
        streams.put(STDERR, open(runtime, "stderr"));
      }
      if (wanted.tty) {
        streams.put(RESIZE, open(runtime, "resize"));
      }
      try (WebSocket caller = x.acceptWebSocket(subprotocol, new HttpHeaders())) {
        exchange(caller, streams, runtime);
      }
    } catch (UpgradeException e) {
      throw new Refusal(e.status() >= 400 ? e.status() : 502, e.text());
    } catch (TransportException e) {
      throw new Refusal(502, "error dialing backend: " + e.getMessage());
    }
  }

  private SpdyConnection connect(String url) {
    return http.connectSpdy(
        URI.create(url), HttpHeaders.of("X-Stream-Protocol-Version", V4), "POST");
  }

  private static SpdyStream open(SpdyConnection runtime, String type) {
    return runtime.open(Map.of("streamtype", type));
  }

  private void exchange(
      WebSocket caller, Map<Integer, SpdyStream> streams, SpdyConnection runtime) {
    // An empty message tells the caller that the streams are joined.
    caller.sendBinary(
        new byte[] {(byte) (wanted.stdout ? STDOUT : wanted.stderr ? STDERR : ERROR)});
    Thread input =
        Thread.ofVirtual().name("command-input").start(() -> receive(caller, streams, runtime));
    Thread out = pump(streams.get(STDOUT), STDOUT, caller);
    Thread err = pump(streams.get(STDERR), STDERR, caller);
    byte[] end = readAll(streams.get(ERROR));
    awaitEnd(out);
    awaitEnd(err);
    try {
      if (end.length > 0) {
        caller.sendBinary(new byte[] {ERROR}, end);
      }
      caller.close();
    } catch (RuntimeException e) {
      LOG.debug("the caller was gone before the end: {}", e.toString());
    }
    awaitEnd(input);
  }

  private static byte[] readAll(@Nullable SpdyStream stream) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    if (stream != null) {
      try (InputStream in = stream.in()) {
        in.transferTo(all);
      } catch (IOException | RuntimeException e) {
        LOG.debug("error stream ended: {}", e.toString());
      }
    }
    return all.toByteArray();
  }

  private static @Nullable Thread pump(@Nullable SpdyStream from, int channel, WebSocket to) {
    if (from == null) {
      return null;
    }
    return Thread.ofVirtual()
        .name("command-output")
        .start(
            () -> {
              byte[] head = {(byte) channel};
              byte[] block = new byte[BLOCK];
              try (InputStream in = from.in()) {
                for (int n = in.read(block); n >= 0; n = in.read(block)) {
                  to.sendBinary(head, Arrays.copyOf(block, n));
                }
              } catch (IOException | RuntimeException e) {
                LOG.debug("output of a command ended: {}", e.toString());
              }
            });
  }

  private static void awaitEnd(@Nullable Thread thread) {
    if (thread == null) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Passes the caller's messages on; when the caller leaves, the command's streams end. */
  private static void receive(
      WebSocket caller, Map<Integer, SpdyStream> streams, SpdyConnection runtime) {
    try {
      for (var frame = caller.receive(); frame != null; frame = caller.receive()) {
        if (!(frame instanceof WebSocket.Frame.Binary binary) || binary.bytes().length == 0) {
          continue;
        }
        byte[] bytes = binary.bytes();
        int channel = bytes[0] & 0xff;
        if (channel == CLOSE) {
          SpdyStream closed = bytes.length > 1 ? streams.get(bytes[1] & 0xff) : null;
          if (closed != null) {
            closed.closeWrite();
          }
          continue;
        }
        SpdyStream stream = streams.get(channel);
        if (stream != null && bytes.length > 1) {
          stream.out().write(bytes, 1, bytes.length - 1);
          stream.out().flush();
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("input of a command ended: {}", e.toString());
    } finally {
      runtime.close();
    }
  }
}
