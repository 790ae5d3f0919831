package io.kubra.apiserver.security;

import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpServer;
import io.kubra.transport.http.ResponseStream;
import io.kubra.transport.tls.ServerTls;
import io.kubra.transport.websocket.WebSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A node's API that notes what it is asked: logs end when told so, exec echoes. */
final class FakeKubelet implements AutoCloseable {
  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<String> callers = new CopyOnWriteArrayList<>();
  final CountDownLatch endOfLog = new CountDownLatch(1);
  private final HttpServer server;

  FakeKubelet(ClusterPki pki) {
    var serving =
        pki.certificate(
            "fake-kubelet",
            ClusterIdentities.kubeletServing("n1", List.of("n1"), List.of("127.0.0.1")));
    var trusted = List.of(pki.authority().certificate());
    server =
        HttpServer.builder()
            .bind(new InetSocketAddress("127.0.0.1", 0))
            .tls(new ServerTls(serving::keyMaterial, () -> trusted))
            .handler(this::handle)
            .start();
  }

  int port() {
    return server.port();
  }

  private void handle(HttpExchange exchange) throws InterruptedException {
    String query = exchange.rawQuery() == null ? "" : "?" + exchange.rawQuery();
    requests.add(exchange.method() + " " + exchange.rawPath() + query);
    callers.add(
        exchange.peerCertificates().isEmpty()
            ? "nobody"
            : exchange.peerCertificates().getFirst().getSubjectX500Principal().getName());
    String path = exchange.rawPath();
    if (path.startsWith("/containerLogs/default/p/starting")) {
      exchange.respond(
          400,
          HttpHeaders.of("Content-Type", "text/plain"),
          bytes("container \"starting\" in pod \"p\" is waiting to start: ContainerCreating"));
    } else if (path.startsWith("/containerLogs/")) {
      try (ResponseStream out = exchange.start(200, new HttpHeaders())) {
        out.write(bytes("first line\n"));
        out.flush();
        if (query.contains("follow=true")) {
          endOfLog.await();
        }
        out.write(bytes("last line\n"));
      }
    } else if (path.startsWith("/exec/") && exchange.isUpgrade("websocket")) {
      WebSocket socket =
          exchange.acceptWebSocket(exchange.webSocketProtocols().getFirst(), new HttpHeaders());
      while (socket.receive() instanceof WebSocket.Frame.Binary message) {
        socket.sendBinary(message.bytes());
      }
      socket.close();
    } else if (path.equals("/redirect")) {
      exchange.respond(302, HttpHeaders.of("Location", "/elsewhere"));
    } else {
      exchange.respond(
          200, HttpHeaders.of("Content-Type", "text/plain"), bytes("served " + path + query));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    endOfLog.countDown();
    server.close();
  }
}
