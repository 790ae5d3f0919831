package io.kubra.node.action;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One GET on a connection of its own, as a probe makes it: no certificate is checked, redirects are
 * followed on the same host only, and of the body no more is read than the answer's head needs.
 */
final class HttpCall {
  private static final int MOST_REDIRECTS = 10;
  private static final int LONGEST_HEAD = 64 << 10;

  /**
   * The answer.
   *
   * @param redirectedAway the address of another host that the answer points to, or null
   */
  record Answer(int status, @Nullable String redirectedAway) {}

  private final URI uri;
  private final Map<String, String> headers;
  private final long deadline;

  HttpCall(URI uri, Map<String, String> headers, Duration timeout) {
    this.uri = uri;
    this.headers = headers;
    this.deadline = System.nanoTime() + timeout.toNanos();
  }

  /**
   * Sends the request and reads the answer's head.
   *
   * @throws IOException with the text that upstream's events have
   */
  Answer run() throws IOException {
    URI at = uri;
    try {
      for (int i = 0; i <= MOST_REDIRECTS; i++) {
        Map<String, String> head = send(at);
        int status = Integer.parseInt(head.getOrDefault(":status", "0"));
        String location = head.get("location");
        if (status < 300 || status >= 400 || location == null) {
          return new Answer(status, null);
        }
        URI next = at.resolve(location);
        if (!String.valueOf(next.getHost()).equals(at.getHost())) {
          return new Answer(status, next.toString());
        }
        at = next;
      }
      throw new IOException("stopped after " + MOST_REDIRECTS + " redirects");
    } catch (SocketTimeoutException e) {
      throw new IOException(
          "Get \""
              + at
              + "\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
          e);
    } catch (ConnectException e) {
      throw new IOException(
          "Get \""
              + at
              + "\": dial tcp "
              + at.getHost()
              + ":"
              + port(at)
              + ": connect: "
              + reason(e),
          e);
    } catch (IllegalArgumentException e) {
      throw new IOException("Get \"" + at + "\": malformed HTTP response", e);
    } catch (IOException e) {
      throw new IOException("Get \"" + at + "\": " + e.getMessage(), e);
    }
  }

  /** What Go calls a failed connection, from what Java calls it. */
  static String reason(IOException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    int bracket = text.indexOf(" (");
    return bracket < 0 ? text : text.substring(0, bracket);
  }

  private static int port(URI uri) {
    return uri.getPort() > 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
  }

  private int left() throws SocketTimeoutException {
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException();
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  private Map<String, String> send(URI at) throws IOException {
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(InetAddress.getByName(at.getHost()), port(at)), left());
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(left());
      if (!"https".equals(at.getScheme())) {
        return exchange(at, plain);
      }
      try (Socket tls = Tls.trustingAll(plain, at.getHost(), port(at))) {
        return exchange(at, tls);
      }
    }
  }

  private Map<String, String> exchange(URI at, Socket socket) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("Host", at.getHost() + ":" + port(at));
    headers.forEach(
        (name, value) -> {
          all.keySet().removeIf(name::equalsIgnoreCase);
          if (!value.isEmpty()) {
            all.put(name, value);
          }
        });
    all.put("Connection", "close");
    String path = at.getRawPath().isEmpty() ? "/" : at.getRawPath();
    String query = at.getRawQuery();
    StringBuilder request = new StringBuilder("GET ").append(path);
    if (query != null) {
      request.append('?').append(query);
    }
    request.append(" HTTP/1.1\r\n");
    all.forEach((name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
    request.append("\r\n");
    socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
    InputStream in = new BufferedInputStream(socket.getInputStream());
    String status = line(in, socket);
    String[] parts = status.split(" ", 3);
    if (!status.startsWith("HTTP/") || parts.length < 2) {
      throw new IllegalArgumentException(status);
    }
    Map<String, String> head = new TreeMap<>();
    head.put(":status", parts[1]);
    for (String line = line(in, socket); !line.isEmpty(); line = line(in, socket)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        head.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return head;
  }

  private String line(InputStream in, Socket socket) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    socket.setSoTimeout(left());
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("EOF");
      }
      if (line.size() > LONGEST_HEAD) {
        throw new IllegalArgumentException("head too long");
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }
}
