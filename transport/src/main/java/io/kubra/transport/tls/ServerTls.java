package io.kubra.transport.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;

/**
 * How a server speaks TLS. The suppliers are asked at each handshake, so what they return may
 * change while the server runs; they must be quick.
 *
 * @param key the server's certificate and key
 * @param clientTrust the authorities whose client certificates are accepted; when empty, clients
 *     are not asked for one
 */
public record ServerTls(Supplier<KeyMaterial> key, Supplier<List<X509Certificate>> clientTrust) {
  /** A server that asks no client for a certificate. */
  public static ServerTls of(KeyMaterial key) {
    return new ServerTls(() -> key, List::of);
  }

  /** A server that asks for client certificates of the given authorities. */
  public static ServerTls of(KeyMaterial key, List<X509Certificate> clientTrust) {
    List<X509Certificate> trust = List.copyOf(clientTrust);
    return new ServerTls(() -> key, () -> trust);
  }
}
