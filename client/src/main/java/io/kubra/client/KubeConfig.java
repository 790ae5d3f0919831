package io.kubra.client;

import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a cluster and as whom: the current context of a kubeconfig file.
 *
 * @param server the API server's address
 * @param caCertificate the PEM certificates that vouch for the server; null for the system's
 * @param clientCertificate the PEM client certificate, if that is how the client identifies itself
 * @param clientKey its PEM key
 * @param token the bearer token, if that is how
 * @param namespace the namespace to use where none is named
 */
public record KubeConfig(
    URI server,
    byte @Nullable [] caCertificate,
    byte @Nullable [] clientCertificate,
    byte @Nullable [] clientKey,
    @Nullable String token,
    String namespace) {

  /** Identification by client certificate. */
  public static KubeConfig certificate(URI server, byte[] ca, byte[] certificate, byte[] key) {
    return new KubeConfig(server, ca, certificate, key, null, "default");
  }

  /** Identification by bearer token. */
  public static KubeConfig bearer(URI server, byte[] ca, String token) {
    return new KubeConfig(server, ca, null, null, token, "default");
  }

  /**
   * Reads the current context of a file.
   *
   * @throws IOException if it or a file it names cannot be read
   * @throws IllegalArgumentException if it does not name a cluster and user
   */
  public static KubeConfig read(Path file) throws IOException {
    Object config = Yaml.parse(Files.readAllBytes(file));
    String current = Trees.stringOr(config, "", "current-context");
    Map<String, Object> context = named(config, "contexts", "context", current, file);
    Map<String, Object> cluster =
        named(config, "clusters", "cluster", Trees.stringOr(context, "", "cluster"), file);
    Map<String, Object> user =
        named(config, "users", "user", Trees.stringOr(context, "", "user"), file);
    return new KubeConfig(
        URI.create(Trees.stringOr(cluster, "", "server")),
        data(cluster, "certificate-authority", file),
        data(user, "client-certificate", file),
        data(user, "client-key", file),
        Trees.string(user, "token"),
        Trees.stringOr(context, "default", "namespace"));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> named(
      @Nullable Object config, String list, String field, String name, Path file) {
    for (Object entry : Trees.list(config, list)) {
      if (name.equals(Trees.string(entry, "name"))
          && Trees.get(entry, field) instanceof Map<?, ?> found) {
        return (Map<String, Object>) found;
      }
    }
    throw new IllegalArgumentException(file + ": " + list + " has no entry named \"" + name + '"');
  }

  private static byte @Nullable [] data(Map<String, Object> entry, String field, Path file)
      throws IOException {
    String inline = Trees.string(entry, field + "-data");
    if (inline != null) {
      return Base64.getMimeDecoder().decode(inline);
    }
    String path = Trees.string(entry, field);
    return path == null ? null : Files.readAllBytes(file.toAbsolutePath().resolveSibling(path));
  }

  /** This configuration as a kubeconfig document with one context of the given name. */
  public byte[] toYaml(String context, String userName) {
    Map<String, Object> cluster = new LinkedHashMap<>();
    cluster.put("server", server.toString());
    put(cluster, "certificate-authority-data", caCertificate);
    Map<String, Object> user = new LinkedHashMap<>();
    put(user, "client-certificate-data", clientCertificate);
    put(user, "client-key-data", clientKey);
    if (token != null) {
      user.put("token", token);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("apiVersion", "v1");
    document.put("kind", "Config");
    document.put("clusters", List.of(entry(context, "cluster", cluster)));
    document.put(
        "contexts",
        List.of(
            entry(
                context,
                "context",
                Map.of("cluster", context, "user", userName, "namespace", namespace))));
    document.put("current-context", context);
    document.put("users", List.of(entry(userName, "user", user)));
    return Yaml.write(document);
  }

  /** Writes {@link #toYaml} to a file that only its owner can read. */
  public void write(Path file, String context, String userName) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(temporary, toYaml(context, userName), StandardOpenOption.WRITE);
    Files.move(
        temporary,
        file,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static Map<String, Object> entry(String name, String field, Map<String, Object> value) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", name);
    entry.put(field, value);
    return entry;
  }

  private static void put(Map<String, Object> map, String name, byte @Nullable [] pem) {
    if (pem != null) {
      map.put(name, Base64.getEncoder().encodeToString(pem));
    }
  }

  /** Leaves secrets out. */
  @Override
  public String toString() {
    String who = token != null ? "token" : clientCertificate != null ? "certificate" : "nobody";
    return "KubeConfig[" + server + " by " + who + "]";
  }
}
