package io.kubra.apiserver.remote;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.TransportException;
import io.kubra.transport.tls.ClientTls;
import io.kubra.transport.tls.KeyMaterial;
import io.kubra.transport.tls.Pem;
import io.kubra.transport.tls.PemException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A service that takes JSON by POST, described by a kubeconfig: server, authority, and how this
 * server says who it is (certificate, token, password). Files are read when the service is opened,
 * a token's file at every request.
 */
public final class RemoteService implements AutoCloseable {
  private final URI uri;
  private final HttpClient client;
  private final Map<String, Object> user;
  private final Path folder;

  private RemoteService(URI uri, HttpClient client, Map<String, Object> user, Path folder) {
    this.uri = uri;
    this.client = client;
    this.user = user;
    this.folder = folder;
  }

  /**
   * Opens what a kubeconfig's current context describes; nothing is connected yet.
   *
   * @throws IllegalArgumentException saying what of the file is wrong
   */
  public static RemoteService open(Path kubeconfig) {
    try {
      Map<String, Object> file = Yaml.parseObject(Files.readAllBytes(kubeconfig));
      String context = Trees.stringOr(file, "", "current-context");
      Map<String, Object> chosen = named(file, "contexts", "context", context);
      String clusterName = Trees.stringOr(chosen, "", "cluster");
      Map<String, Object> cluster = named(file, "clusters", "cluster", clusterName);
      Map<String, Object> user = named(file, "users", "user", Trees.stringOr(chosen, "", "user"));
      String server = Trees.string(cluster, "server");
      if (server == null) {
        throw new IllegalArgumentException("it names no server");
      }
      Path folder = Objects.requireNonNull(kubeconfig.toAbsolutePath().getParent());
      return new RemoteService(
          URI.create(server),
          HttpClient.builder()
              .tls(tls(cluster == null ? Map.of() : cluster, user, folder))
              .connectTimeout(Duration.ofSeconds(10))
              .build(),
          user == null ? Map.of() : user,
          folder);
    } catch (IOException | IllegalArgumentException | JsonSyntaxException | PemException e) {
      throw new IllegalArgumentException(
          "kubeconfig %s: %s".formatted(kubeconfig, e.getMessage()), e);
    }
  }

  /** The entry of a name; the only one where no context says which. */
  private static @Nullable Map<String, Object> named(
      Map<String, Object> file, String list, String what, String name) {
    var entries = Trees.maps(file, list);
    for (Map<String, Object> entry : entries) {
      if (name.equals(entry.get("name"))) {
        return Trees.map(entry, what);
      }
    }
    return name.isEmpty() && entries.size() == 1 ? Trees.map(entries.getFirst(), what) : null;
  }

  private static ClientTls tls(
      Map<String, Object> cluster, @Nullable Map<String, Object> user, Path folder)
      throws IOException {
    byte[] authority = content(cluster, "certificate-authority", folder);
    ClientTls tls =
        Trees.bool(cluster, "insecure-skip-tls-verify")
            ? ClientTls.insecure()
            : authority == null
                ? ClientTls.machine()
                : ClientTls.trusting(Pem.certificates(authority));
    String name = Trees.string(cluster, "tls-server-name");
    if (name != null) {
      tls = tls.withServerName(name);
    }
    byte[] certificate = content(user, "client-certificate", folder);
    byte[] key = content(user, "client-key", folder);
    return certificate == null || key == null
        ? tls
        : tls.withKey(KeyMaterial.fromPem(certificate, key));
  }

  /** What {@code field-data} holds, or the file that {@code field} names. */
  private static byte @Nullable [] content(
      @Nullable Map<String, Object> tree, String field, Path folder) throws IOException {
    String data = Trees.string(tree, field + "-data");
    if (data != null && !data.isEmpty()) {
      return Base64.getDecoder().decode(data);
    }
    String file = Trees.stringOr(tree, "", field);
    return file.isEmpty() ? null : Files.readAllBytes(folder.resolve(file));
  }

  /**
   * Sends an object and reads the answer.
   *
   * @throws RemoteException if there is none, or no good one
   */
  public Map<String, Object> post(Map<String, Object> object, Duration timeout) {
    HttpRequest request =
        HttpRequest.of("POST", uri, headers(), Json.write(object)).withTimeout(timeout);
    try (HttpClientResponse response = client.send(request)) {
      byte[] body = response.bytes();
      if (response.status() / 100 != 2) {
        throw new RemoteException(uri + " answered " + response.status(), response.status());
      }
      return body.length == 0 ? Map.of() : Json.parseObject(body);
    } catch (TransportException e) {
      throw new RemoteException("Post \"%s\": %s".formatted(uri, e.getMessage()), 0);
    } catch (JsonSyntaxException e) {
      throw new RemoteException(uri + " answered no JSON: " + e.getMessage(), 0);
    }
  }

  private HttpHeaders headers() {
    HttpHeaders headers = HttpHeaders.of("Content-Type", "application/json");
    headers.set("Accept", "application/json");
    String token = Trees.stringOr(user, "", "token");
    String file = Trees.stringOr(user, "", "tokenFile");
    if (!file.isEmpty()) {
      try {
        token = Files.readString(folder.resolve(file)).strip();
      } catch (IOException e) {
        throw new RemoteException("the token's file cannot be read: " + e.getMessage(), 0);
      }
    }
    String name = Trees.stringOr(user, "", "username");
    if (!token.isEmpty()) {
      headers.set("Authorization", "Bearer " + token);
    } else if (!name.isEmpty()) {
      String pair = name + ":" + Trees.stringOr(user, "", "password");
      headers.set(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
    return headers;
  }

  @Override
  public void close() {
    client.close();
  }
}
