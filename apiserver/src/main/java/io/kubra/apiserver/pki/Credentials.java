package io.kubra.apiserver.pki;

import io.kubra.transport.tls.KeyMaterial;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A certificate chain, leaf first, with the private key of the leaf. */
public record Credentials(List<X509Certificate> chain, PrivateKey key) {

  public Credentials {
    chain = List.copyOf(chain);
  }

  /** The leaf. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** The chain as PEM text. */
  public String certificatePem() {
    return PemText.ofCertificates(chain);
  }

  /** The private key as PEM text (PKCS#8). */
  public String keyPem() {
    return PemText.ofKey(key);
  }

  /** What a TLS endpoint takes. */
  public KeyMaterial keyMaterial() {
    return new KeyMaterial(chain, key);
  }

  /** Whether less than a third of the certificate's life is left. */
  public boolean dueForRenewal(Instant now) {
    Instant from = certificate().getNotBefore().toInstant();
    Instant until = certificate().getNotAfter().toInstant();
    Duration third = Duration.between(from, until).dividedBy(3);
    return now.isAfter(until.minus(third));
  }
}
