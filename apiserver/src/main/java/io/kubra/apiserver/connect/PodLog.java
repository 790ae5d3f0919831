package io.kubra.apiserver.connect;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.node.NodeConnector;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.request.ConnectHandler;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.ResponseStream;
import io.kubra.transport.http.TransportException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Serves {@code pods/log}: what a container has written, as a whole or as it comes. */
public final class PodLog implements ConnectHandler {
  private static final HttpHeaders TEXT = HttpHeaders.of("Content-Type", "text/plain");
  private final ObjectReader objects;
  private final NodeConnector nodes;

  public PodLog(ObjectReader objects, NodeConnector nodes) {
    this.objects = objects;
    this.nodes = nodes;
  }

  @Override
  public void connect(RequestContext context) throws IOException {
    LogOptions.validate(context.query());
    Map<String, Object> pod = PodContainers.pod(objects, context);
    String container = PodContainers.container(pod, context.query().get("container"));
    String node = Trees.stringOr(pod, "", "spec", "nodeName");
    if (node.isEmpty()) {
      context.exchange().respond(200, TEXT);
      return;
    }
    NodeConnector.Endpoint endpoint = nodes.endpoint(node);
    NodeQuery uri =
        new NodeQuery(
            endpoint.base(),
            "containerLogs",
            context.info().namespace(),
            context.info().name(),
            container);
    LogOptions.pass(context.query(), uri);
    try (HttpClientResponse response = endpoint.client().send(HttpRequest.get(uri.toUri()))) {
      if (response.status() != 200) {
        throw refused(response);
      }
      relay(context.exchange(), response);
    } catch (TransportException e) {
      if (context.exchange().responded()) {
        throw e;
      }
      throw ApiException.internal("Get \"%s\": %s".formatted(uri.toUri(), e.getMessage()));
    }
  }

  /** Passes on what comes, when it comes; a client that goes away ends the node's side too. */
  private static void relay(HttpExchange exchange, HttpClientResponse response) throws IOException {
    exchange.onClose(response::close);
    byte[] buffer = new byte[32 * 1024];
    try (ResponseStream out = exchange.start(200, TEXT.copy());
        InputStream in = response.body()) {
      out.flush();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(Arrays.copyOf(buffer, count));
        if (in.available() == 0) {
          out.flush();
        }
      }
    }
  }

  private static ApiException refused(HttpClientResponse response) {
    String text = new String(response.bytes(), StandardCharsets.UTF_8).strip();
    return switch (response.status()) {
      case 400 -> ApiException.badRequest(text);
      case 404 -> ApiException.generic(404, "NotFound", text);
      case 500 -> ApiException.internal("Internal error occurred: " + text);
      default ->
          ApiException.generic(
              response.status(), response.status() >= 500 ? "InternalError" : "BadRequest", text);
    };
  }
}
