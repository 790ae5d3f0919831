package io.kubra.cli.addons;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpServer;
import io.kubra.transport.tls.ServerTls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A registry on loopback with TLS and a user: OCI's distribution API as far as Helm needs it, and
 * below {@code /charts/} the files of a chart repository.
 */
final class TestingRegistry implements AutoCloseable {
  static final String USER = "reader";
  static final String PASSWORD = "p\"4 #ss,@w\\ord";
  private static final int LARGEST = 16 << 20;

  private record Content(String type, byte[] bytes) {}

  private final Map<String, Content> blobs = new ConcurrentHashMap<>();
  private final Map<String, Content> manifests = new ConcurrentHashMap<>();
  private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
  private final Path repository;
  private final Path authority;
  private final HttpServer server;

  /** A registry that runs, with its keys and the repository's files in a folder. */
  TestingRegistry(Path folder) throws IOException {
    repository = Files.createDirectories(folder.resolve("charts"));
    try (ClusterPki pki = ClusterPki.open(folder.resolve("keys"))) {
      authority = pki.authorityFile();
      server =
          HttpServer.builder()
              .bind(new InetSocketAddress("127.0.0.1", 0))
              .tls(
                  ServerTls.of(
                      pki.certificate(
                              "registry",
                              ClusterIdentities.kubeletServing(
                                  "registry", List.of("localhost"), List.of("127.0.0.1")))
                          .get()
                          .keyMaterial()))
              .handler(this::answer)
              .start();
    }
  }

  /** Its host and port. */
  String host() {
    return "127.0.0.1:" + server.port();
  }

  /** The address of the chart repository. */
  String repositoryUrl() {
    return "https://" + host() + "/charts";
  }

  /** The folder whose files the chart repository serves. */
  Path repository() {
    return repository;
  }

  /** The certificate that vouches for it. */
  Path authority() {
    return authority;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String expected =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    if (!expected.equals(exchange.headers().get("authorization"))) {
      exchange.respond(
          401, HttpHeaders.of("www-authenticate", "Basic realm=\"registry\""), new byte[0]);
      return;
    }
    String path = exchange.rawPath();
    if (path.startsWith("/charts/")) {
      Path file = repository.resolve(path.substring("/charts/".length()));
      send(
          exchange,
          Files.isRegularFile(file)
              ? new Content("application/octet-stream", Files.readAllBytes(file))
              : null,
          "");
    } else if (path.equals("/v2/")) {
      exchange.respond(200, new HttpHeaders(), new byte[0]);
    } else if (path.contains("/blobs/uploads/")) {
      upload(exchange, path);
    } else if (path.contains("/blobs/")) {
      String digest = path.substring(path.lastIndexOf('/') + 1);
      send(exchange, blobs.get(digest), digest);
    } else if (path.contains("/manifests/")) {
      manifest(exchange, path);
    } else if (path.endsWith("/tags/list")) {
      tags(exchange, path.substring("/v2/".length(), path.length() - "/tags/list".length()));
    } else {
      exchange.respond(404, new HttpHeaders(), new byte[0]);
    }
  }

  private void upload(HttpExchange exchange, String path) throws IOException {
    if (exchange.method().equals("POST")) {
      String id = UUID.randomUUID().toString();
      uploads.put(id, new ByteArrayOutputStream());
      exchange.respond(202, HttpHeaders.of("location", path + id), new byte[0]);
      return;
    }
    ByteArrayOutputStream content =
        Objects.requireNonNull(uploads.get(path.substring(path.lastIndexOf('/') + 1)));
    content.writeBytes(exchange.readBody(LARGEST));
    if (exchange.method().equals("PATCH")) {
      exchange.respond(202, HttpHeaders.of("location", path), new byte[0]);
      return;
    }
    String digest = digest(content.toByteArray());
    blobs.put(digest, new Content("application/octet-stream", content.toByteArray()));
    exchange.respond(
        201, HttpHeaders.of("location", path, "docker-content-digest", digest), new byte[0]);
  }

  private void manifest(HttpExchange exchange, String path) throws IOException {
    String name = path.substring("/v2/".length()).replace("/manifests/", ":");
    if (!exchange.method().equals("PUT")) {
      Content found = manifests.get(name);
      send(exchange, found, found == null ? "" : digest(found.bytes()));
      return;
    }
    Content content =
        new Content(exchange.headers().getOr("content-type", ""), exchange.readBody(LARGEST));
    String digest = digest(content.bytes());
    manifests.put(name, content);
    manifests.put(name.substring(0, name.lastIndexOf(':')) + ":" + digest, content);
    for (Map<String, Object> layer : Trees.maps(Json.parse(content.bytes()), "layers")) {
      if (!blobs.containsKey(Trees.string(layer, "digest"))) {
        exchange.respond(400, new HttpHeaders(), new byte[0]);
        return;
      }
    }
    exchange.respond(201, HttpHeaders.of("docker-content-digest", digest), new byte[0]);
  }

  private void tags(HttpExchange exchange, String name) {
    List<String> tags =
        manifests.keySet().stream()
            .filter(m -> m.startsWith(name + ":") && !m.contains(":sha256:"))
            .map(m -> m.substring(name.length() + 1))
            .sorted()
            .toList();
    exchange.respond(
        200,
        HttpHeaders.of("content-type", "application/json"),
        Json.write(Map.of("name", name, "tags", tags)));
  }

  private static void send(HttpExchange exchange, Content content, String digest) {
    if (content == null) {
      exchange.respond(404, new HttpHeaders(), new byte[0]);
      return;
    }
    HttpHeaders headers = HttpHeaders.of("content-type", content.type());
    if (!digest.isEmpty()) {
      headers.add("docker-content-digest", digest);
    }
    if (exchange.method().equals("HEAD")) {
      headers.add("content-length", Integer.toString(content.bytes().length));
      exchange.respond(200, headers);
    } else {
      exchange.respond(200, headers, Arrays.copyOf(content.bytes(), content.bytes().length));
    }
  }

  private static String digest(byte[] bytes) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
