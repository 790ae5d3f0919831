package io.kubra.transport.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a client speaks TLS. Suppliers are asked at each handshake, so what they return may change.
 *
 * @param trust which servers are believed
 * @param key the client's certificate and key; null for none
 * @param serverName the name to send (SNI) and to check the certificate against; null for the host
 *     of the request
 */
public record ClientTls(
    Trust trust, @Nullable Supplier<KeyMaterial> key, @Nullable String serverName) {

  /** Which servers a client believes. */
  public sealed interface Trust {
    /** Those with a certificate of one of these authorities and for the right name. */
    record Authorities(Supplier<List<X509Certificate>> certificates) implements Trust {}

    /** Those that the machine's own authorities vouch for. */
    record Machine() implements Trust {}

    /** Everyone: no protection against a man in the middle. */
    record Everyone() implements Trust {}
  }

  /** Trusts the given authorities, without a client certificate. */
  public static ClientTls trusting(List<X509Certificate> authorities) {
    List<X509Certificate> copy = List.copyOf(authorities);
    return new ClientTls(new Trust.Authorities(() -> copy), null, null);
  }

  /** Trusts the machine's own authorities. */
  public static ClientTls machine() {
    return new ClientTls(new Trust.Machine(), null, null);
  }

  /** Trusts everyone. */
  public static ClientTls insecure() {
    return new ClientTls(new Trust.Everyone(), null, null);
  }

  /** The same with a client certificate. */
  public ClientTls withKey(KeyMaterial material) {
    return new ClientTls(trust, () -> material, serverName);
  }

  /** The same with a client certificate that may change. */
  public ClientTls withKey(Supplier<KeyMaterial> material) {
    return new ClientTls(trust, material, serverName);
  }

  /** The same, expecting the server to have another name than the request's host. */
  public ClientTls withServerName(String name) {
    return new ClientTls(trust, key, name);
  }
}
