package io.kubra.transport.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Judges the certificate of a TLS client. */
public final class PeerVerifier {
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USAGE = "2.5.29.37.0";

  private PeerVerifier() {}

  /**
   * Checks that one of the authorities vouches for the leaf (through the intermediates that came
   * with it), that it is valid now, and that it may be used by a client.
   *
   * @throws CertificateException with the reason when not
   */
  public static void verifyClient(List<X509Certificate> chain, List<X509Certificate> authorities)
      throws CertificateException {
    X509Certificate leaf = chain.get(0);
    leaf.checkValidity();
    List<String> usages = leaf.getExtendedKeyUsage();
    if (usages == null || !(usages.contains(CLIENT_AUTH) || usages.contains(ANY_USAGE))) {
      throw new CertificateException("certificate specifies an incompatible key usage");
    }
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate authority : authorities) {
      anchors.add(new TrustAnchor(authority, null));
    }
    if (anchors.isEmpty()) {
      throw new CertificateException("certificate signed by unknown authority");
    }
    try {
      X509CertSelector target = new X509CertSelector();
      target.setCertificate(leaf);
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
      parameters.setRevocationEnabled(false);
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
      CertPathBuilder.getInstance("PKIX").build(parameters);
    } catch (GeneralSecurityException e) {
      throw new CertificateException("certificate signed by unknown authority", e);
    }
  }
}
