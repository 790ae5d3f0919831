package io.kubra.apiserver.pki;

import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Issues certificates. Immutable. */
public final class CertificateAuthority {
  /** Certificates are valid from a little earlier, for clocks that are behind. */
  private static final Duration BACKDATING = Duration.ofMinutes(5);

  private static final String ISSUER_KEY = "2.5.29.35";
  private static final SecureRandom RANDOM = new SecureRandom();
  private final X509Certificate certificate;
  private final PrivateKey key;

  public CertificateAuthority(X509Certificate certificate, PrivateKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /** Makes an authority that vouches for itself. */
  public static CertificateAuthority create(String name, Instant now) {
    KeyPair pair = Keys.generate();
    CertificateProfile profile = CertificateProfile.authority(name);
    byte[] subject = profile.subject().encode();
    byte[] keyId = keyId(pair.getPublic());
    Instant until = now.plus(profile.validity());
    return new CertificateAuthority(
        sign(profile, pair.getPublic(), subject, keyId, pair.getPrivate(), now, until),
        pair.getPrivate());
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** The authority's certificate as PEM text, to be trusted by clients. */
  public String certificatePem() {
    return PemText.ofCertificates(List.of(certificate));
  }

  /** The certificate with its key, to be kept. */
  public Credentials credentials() {
    return new Credentials(List.of(certificate), key);
  }

  /**
   * Whether the certificate names this authority's key as the one that signed it. For own files
   * only: this is no proof, but needs no cryptography.
   */
  boolean namedAsIssuerBy(X509Certificate issued) {
    byte[] extension = issued.getExtensionValue(ISSUER_KEY);
    return extension != null
        && Arrays.equals(
            new DerReader(extension).content(Der.OCTET_STRING),
            issuerKey(keyId(certificate.getPublicKey())));
  }

  private static byte[] issuerKey(byte[] keyId) {
    return Der.sequence(Der.implicit(0, keyId));
  }

  /** Makes a new key and a certificate for it. */
  public Credentials issue(CertificateProfile profile, Instant now) {
    KeyPair pair = Keys.generate();
    return new Credentials(List.of(issue(profile, pair.getPublic(), now)), pair.getPrivate());
  }

  /** Issues a certificate for the key; it ends with the authority's own at the latest. */
  public X509Certificate issue(CertificateProfile profile, PublicKey subjectKey, Instant now) {
    Instant end = certificate.getNotAfter().toInstant();
    Instant until = now.plus(profile.validity());
    return sign(
        profile,
        subjectKey,
        certificate.getSubjectX500Principal().getEncoded(),
        keyId(certificate.getPublicKey()),
        key,
        now,
        until.isBefore(end) ? until : end);
  }

  private static X509Certificate sign(
      CertificateProfile profile,
      PublicKey subjectKey,
      byte[] issuer,
      byte[] issuerKeyId,
      PrivateKey issuerKey,
      Instant now,
      Instant until) {
    byte[] algorithm = Keys.signatureAlgorithm(issuerKey);
    byte[] body =
        Der.sequence(
            Der.explicit(0, Der.integer(BigInteger.TWO)),
            Der.integer(new BigInteger(120, RANDOM).setBit(119)),
            algorithm,
            issuer,
            Der.sequence(Der.time(now.minus(BACKDATING)), Der.time(until)),
            profile.subject().encode(),
            subjectKey.getEncoded(),
            Der.explicit(3, Der.sequence(extensions(profile, subjectKey, issuerKeyId))));
    byte[] signature = Keys.sign(issuerKey, body);
    return PemText.certificate(Der.sequence(body, algorithm, Der.bits(signature)));
  }

  private static List<byte[]> extensions(
      CertificateProfile profile, PublicKey subjectKey, byte[] issuerKeyId) {
    List<byte[]> extensions = new ArrayList<>();
    int digitalSignature = 0;
    int keyEncipherment = 2;
    int certificateSigning = 5;
    byte[] keyUsage;
    if (profile.authority()) {
      keyUsage = Der.namedBits(digitalSignature, keyEncipherment, certificateSigning);
    } else if (subjectKey instanceof RSAPublicKey) {
      keyUsage = Der.namedBits(digitalSignature, keyEncipherment);
    } else {
      keyUsage = Der.namedBits(digitalSignature);
    }
    extensions.add(extension("2.5.29.15", true, keyUsage));
    if (!profile.usages().isEmpty()) {
      List<byte[]> usages =
          profile.usages().stream().sorted().map(usage -> Der.oid(usage.oid())).toList();
      extensions.add(extension("2.5.29.37", false, Der.sequence(usages)));
    }
    byte[] constraints = profile.authority() ? Der.sequence(Der.bool(true)) : Der.sequence();
    extensions.add(extension("2.5.29.19", true, constraints));
    if (profile.authority()) {
      extensions.add(extension("2.5.29.14", false, Der.octets(keyId(subjectKey))));
    }
    extensions.add(extension(ISSUER_KEY, false, issuerKey(issuerKeyId)));
    List<byte[]> names = alternativeNames(profile);
    if (!names.isEmpty()) {
      extensions.add(extension("2.5.29.17", false, Der.sequence(names)));
    }
    return extensions;
  }

  static List<byte[]> alternativeNames(CertificateProfile profile) {
    List<byte[]> names = new ArrayList<>();
    for (String name : profile.dnsNames()) {
      names.add(Der.implicit(2, name.getBytes(StandardCharsets.US_ASCII)));
    }
    for (String address : profile.ipAddresses()) {
      names.add(Der.implicit(7, InetAddress.ofLiteral(address).getAddress()));
    }
    return names;
  }

  private static byte[] extension(String oid, boolean critical, byte[] value) {
    return critical
        ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(value))
        : Der.sequence(Der.oid(oid), Der.octets(value));
  }

  /** The SHA-1 of the key's bits, as RFC 5280 proposes; an identifier, not a safeguard. */
  private static byte[] keyId(PublicKey key) {
    try {
      DerReader info = new DerReader(key.getEncoded()).enter(Der.SEQUENCE);
      info.skip();
      return MessageDigest.getInstance("SHA-1").digest(info.bits());
    } catch (NoSuchAlgorithmException e) {
      throw new PkiException("this JDK knows no SHA-1", e);
    }
  }
}
