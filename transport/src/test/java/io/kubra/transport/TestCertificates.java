package io.kubra.transport;

import io.kubra.transport.tls.KeyMaterial;
import io.kubra.transport.tls.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority made for one test, and certificates signed by it. */
public final class TestCertificates {
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final X509Certificate authority;
  private final PrivateKey authorityKey;
  private final X500Name name;

  /** A new authority. */
  public TestCertificates(String commonName) {
    name = new X500Name("CN=" + commonName);
    KeyPair pair = pair();
    authorityKey = pair.getPrivate();
    authority = sign(name, pair, name, authorityKey, KeyPurposeId.anyExtendedKeyUsage, true);
  }

  /** The authority's certificate, as a trust list. */
  public List<X509Certificate> trust() {
    return List.of(authority);
  }

  /** A certificate for localhost and 127.0.0.1. */
  public KeyMaterial server(String commonName) {
    return issue(new X500Name("CN=" + commonName), KeyPurposeId.id_kp_serverAuth);
  }

  /** A certificate for a user. */
  public KeyMaterial client(String commonName) {
    return issue(new X500Name("CN=" + commonName), KeyPurposeId.id_kp_clientAuth);
  }

  private KeyMaterial issue(X500Name subject, KeyPurposeId usage) {
    KeyPair pair = pair();
    return new KeyMaterial(
        List.of(sign(subject, pair, name, authorityKey, usage, false)), pair.getPrivate());
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate sign(
      X500Name subject,
      KeyPair pair,
      X500Name issuer,
      PrivateKey issuerKey,
      KeyPurposeId usage,
      boolean authority) {
    Instant now = Instant.now();
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(Duration.ofDays(1))),
              subject,
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (authority) {
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      } else {
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(usage));
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                new GeneralName[] {
                  new GeneralName(GeneralName.dNSName, "localhost"),
                  new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                }));
      }
      byte[] der =
          builder
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey))
              .getEncoded();
      return Pem.certificate(der);
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }
}
