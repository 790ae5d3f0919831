package io.kubra.apiserver.webhook;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.pki.CertificateProfile;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.DistinguishedName;
import io.kubra.apiserver.pki.IssuedCertificate;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpServer;
import io.kubra.transport.tls.Pem;
import io.kubra.transport.tls.ServerTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server of webhooks over TLS: each path is one, and remembers what it was asked. */
public final class TestingWebhook implements AutoCloseable {
  private final ClusterPki pki;
  private final HttpServer server;
  private final String host;
  private final Map<String, Function<Map<String, Object>, Object>> answers =
      new ConcurrentHashMap<>();
  private final Map<String, List<Map<String, Object>>> asked = new ConcurrentHashMap<>();
  private final List<HttpExchange> exchanges = new CopyOnWriteArrayList<>();

  /**
   * Starts one.
   *
   * @param folder for its keys
   * @param host an address of this machine
   * @param service the DNS name for which its certificate is good too
   */
  public TestingWebhook(Path folder, String host, String service) {
    this.host = host;
    pki = ClusterPki.open(folder);
    IssuedCertificate serving =
        pki.certificate(
            "webhook",
            CertificateProfile.server(
                DistinguishedName.of("webhook"), List.of(service), List.of(host)));
    server =
        HttpServer.builder()
            .bind(new InetSocketAddress(host, 0))
            .tls(new ServerTls(serving::keyMaterial, List::of))
            .handler(this::serve)
            .start();
  }

  /** Answers what is asked at a path; the answer is a tree, or text to be sent as it is. */
  public void answer(String path, Function<Map<String, Object>, Object> answer) {
    answers.put(path, answer);
  }

  /** Answers reviews of admission with what it is given, besides uid and kind. */
  public void review(String path, Function<Map<String, Object>, Map<String, Object>> response) {
    answer(
        path,
        review -> {
          Map<String, Object> said = new LinkedHashMap<>();
          Map<String, Object> request = Trees.ensureMap(review, "request");
          said.put("uid", request.get("uid"));
          said.putAll(response.apply(request));
          return Map.of(
              "apiVersion", review.get("apiVersion"), "kind", review.get("kind"), "response", said);
        });
  }

  /** Says yes. */
  public static Map<String, Object> allow() {
    return Map.of("allowed", true);
  }

  /** Says yes to an object that is patched. */
  public static Map<String, Object> patch(String operations) {
    return Map.of(
        "allowed",
        true,
        "patchType",
        "JSONPatch",
        "patch",
        Base64.getEncoder()
            .encodeToString(operations.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  /** What was asked at a path, in order. */
  public List<Map<String, Object>> asked(String path) {
    return asked.getOrDefault(path, List.of());
  }

  /** All requests, as they came. */
  public List<HttpExchange> exchanges() {
    return exchanges;
  }

  /** The number of the port. */
  public int port() {
    return server.address().getPort();
  }

  /** The client configuration of a path by URL, as JSON. */
  public String url(String path) {
    return "{'url':'https://%s:%d%s','caBundle':'%s'}".formatted(host, port(), path, bundle());
  }

  /** The certificate of who issued the server's, as a client configuration wants it. */
  public String bundle() {
    return Base64.getEncoder().encodeToString(Pem.write(List.of(pki.authority().certificate())));
  }

  private void serve(HttpExchange exchange) {
    String path = exchange.rawPath();
    try {
      Map<String, Object> body = Json.parseObject(exchange.body().readAllBytes());
      exchanges.add(exchange);
      asked.computeIfAbsent(path, p -> new CopyOnWriteArrayList<>()).add(body);
      Function<Map<String, Object>, Object> answer = answers.get(path);
      if (answer == null) {
        exchange.respond(404, HttpHeaders.of("Content-Type", "text/plain"), new byte[0]);
        return;
      }
      Object said = answer.apply(body);
      byte[] bytes =
          said instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : Json.write(said);
      exchange.respond(200, HttpHeaders.of("Content-Type", "application/json"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.close();
    pki.close();
  }
}
