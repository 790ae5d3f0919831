package io.kubra.apiserver.connect;

import io.kubra.api.status.ApiException;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.TransportException;
import io.kubra.transport.http.UpgradeException;
import io.kubra.transport.io.RawConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes an upgraded connection through to another server, byte by byte. */
final class Upgrades {
  private static final Logger LOG = LoggerFactory.getLogger(Upgrades.class);
  private static final int BUFFER = 32 * 1024;

  private Upgrades() {}

  /** Whether the client asks for an upgrade at all. */
  static boolean requested(HttpExchange exchange) {
    return exchange.headers().hasToken("Connection", "upgrade")
        && exchange.headers().contains("Upgrade");
  }

  /** Connects to the URI as the client asks, then copies both ways until either side ends. */
  static void pass(HttpExchange exchange, HttpClient client, URI uri) {
    pass(exchange, client, uri, headers -> {});
  }

  /** As {@link #pass(HttpExchange, HttpClient, URI)}, with headers that say who the user is. */
  static void pass(
      HttpExchange exchange, HttpClient client, URI uri, Consumer<HttpHeaders> identity) {
    HttpHeaders headers = HopHeaders.upgradeRequest(exchange.headers());
    identity.accept(headers);
    HttpClient.Upgraded backend;
    try {
      backend = client.connectUpgrade(HttpRequest.of(exchange.method(), uri, headers));
    } catch (UpgradeException e) {
      throw refused(e);
    } catch (TransportException e) {
      throw unreachable(e);
    }
    try (RawConnection node = backend.connection();
        RawConnection peer = exchange.acceptUpgrade(answer(backend.headers()))) {
      Thread toNode =
          Thread.ofVirtual()
              .name("upgrade-to-node")
              .start(() -> copy(peer.in(), node.out(), uri.getPath()));
      copy(node.in(), peer.out(), uri.getPath());
      node.close();
      peer.close();
      toNode.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HttpHeaders answer(HttpHeaders backend) {
    HttpHeaders headers = HopHeaders.response(backend);
    headers.set("Connection", "Upgrade");
    headers.set("Upgrade", backend.getOr("Upgrade", ""));
    return headers;
  }

  /** Copies until the end, then tells the other side that nothing more will come. */
  private static void copy(InputStream in, OutputStream out, String what) {
    byte[] buffer = new byte[BUFFER];
    try (out) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
        out.flush();
      }
    } catch (IOException | UncheckedIOException | TransportException closed) {
      LOG.debug("{} ended: {}", what, closed.getMessage());
    }
  }

  static ApiException unreachable(TransportException e) {
    return ApiException.internal("error dialing backend: " + e.getMessage());
  }

  /** What the node said instead of upgrading, as the Status that clients expect. */
  private static ApiException refused(UpgradeException e) {
    return switch (e.status()) {
      case 0 -> ApiException.internal("error dialing backend: " + e.getMessage());
      case 400 -> ApiException.badRequest(e.text().strip());
      case 404 -> ApiException.generic(404, "NotFound", e.text().strip());
      case 403 -> ApiException.generic(403, "Forbidden", e.text().strip());
      default ->
          ApiException.generic(
              e.status(), e.status() >= 500 ? "InternalError" : "BadRequest", e.text().strip());
    };
  }
}
