package io.kubra.store.etcd;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an etcd is reached.
 *
 * @param endpoints URLs of its members, {@code https://host:2379}; another is taken when one fails
 * @param caFile the authority of the members' certificates; null for the host's authorities
 * @param certFile the client's certificate, if it must show one
 * @param keyFile the key of the certificate, PKCS#8
 */
public record EtcdConfig(
    List<URI> endpoints, @Nullable Path caFile, @Nullable Path certFile, @Nullable Path keyFile) {
  private static final int PORT = 2379;

  public EtcdConfig {
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("an etcd needs at least one endpoint");
    }
    endpoints = List.copyOf(endpoints);
    for (URI endpoint : endpoints) {
      boolean known = "https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme());
      if (!known || endpoint.getHost() == null) {
        throw new IllegalArgumentException(
            "\"" + endpoint + "\" is no URL of an etcd; write https://host:2379");
      }
      if (!endpoint.getScheme().equals(endpoints.getFirst().getScheme())) {
        throw new IllegalArgumentException("the endpoints of one etcd use one scheme");
      }
    }
    if ((certFile == null) != (keyFile == null)) {
      throw new IllegalArgumentException("certificate and key of the etcd client go together");
    }
  }

  boolean secure() {
    return "https".equals(endpoints.getFirst().getScheme());
  }

  static int port(URI endpoint) {
    return endpoint.getPort() < 0 ? PORT : endpoint.getPort();
  }
}
