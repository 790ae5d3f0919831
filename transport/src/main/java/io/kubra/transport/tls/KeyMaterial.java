package io.kubra.transport.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key and the certificates that vouch for it.
 *
 * @param chain leaf first, then intermediates; never empty
 * @param key the leaf's private key
 */
public record KeyMaterial(List<X509Certificate> chain, PrivateKey key) {
  /** Checks that there is a certificate. */
  public KeyMaterial {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a key without a certificate");
    }
  }

  /**
   * Reads both from PEM.
   *
   * @throws PemException when either is missing or malformed
   */
  public static KeyMaterial fromPem(byte[] certificates, byte[] key) {
    return new KeyMaterial(Pem.certificates(certificates), Pem.privateKey(key));
  }

  /** The leaf certificate. */
  public X509Certificate leaf() {
    return chain.get(0);
  }
}
