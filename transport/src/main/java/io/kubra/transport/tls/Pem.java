package io.kubra.transport.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes PEM: certificates, public keys, and private keys as PKCS#8, PKCS#1 (RSA) or SEC1
 * (EC). Text around the blocks is ignored.
 */
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519", "RSASSA-PSS");
  private static final byte[] RSA_ALGORITHM =
      Der.sequence(Der.oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01), Der.nullValue());
  private static final byte[] EC_OID = Der.oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01);

  private Pem() {}

  /** One block of PEM. */
  record Block(String type, byte[] der) {}

  /**
   * All certificates in a text, in order.
   *
   * @throws PemException when there is none, or one is malformed
   */
  public static List<X509Certificate> certificates(byte[] pem) {
    List<X509Certificate> found = new ArrayList<>(2);
    for (Block block : blocks(pem)) {
      if (block.type.equals("CERTIFICATE") || block.type.equals("X509 CERTIFICATE")) {
        found.add(certificate(block.der));
      }
    }
    if (found.isEmpty()) {
      throw new PemException("no certificate found in PEM text");
    }
    return List.copyOf(found);
  }

  /**
   * A certificate from its DER encoding.
   *
   * @throws PemException when it is malformed
   */
  public static X509Certificate certificate(byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new PemException("malformed certificate: " + e.getMessage(), e);
    }
  }

  /**
   * The first private key in a text.
   *
   * @throws PemException when there is none, or it is malformed or encrypted
   */
  public static PrivateKey privateKey(byte[] pem) {
    for (Block block : blocks(pem)) {
      switch (block.type) {
        case "PRIVATE KEY" -> {
          return privateKeyFromPkcs8(block.der);
        }
        case "RSA PRIVATE KEY" -> {
          return privateKeyFromPkcs8(
              Der.sequence(Der.integer(0), RSA_ALGORITHM, Der.octets(block.der)));
        }
        case "EC PRIVATE KEY" -> {
          byte[] algorithm = Der.sequence(EC_OID, Der.sec1Curve(block.der));
          return privateKeyFromPkcs8(
              Der.sequence(Der.integer(0), algorithm, Der.octets(block.der)));
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new PemException("the private key is encrypted, which is not supported");
        default -> {}
      }
    }
    throw new PemException("no private key found in PEM text");
  }

  /**
   * All public keys in a text: public key blocks, and those of private keys' certificates.
   *
   * @throws PemException when there is none, or one is malformed
   */
  public static List<PublicKey> publicKeys(byte[] pem) {
    List<PublicKey> found = new ArrayList<>(1);
    for (Block block : blocks(pem)) {
      switch (block.type) {
        case "PUBLIC KEY" -> found.add(publicKey(block.der));
        case "RSA PUBLIC KEY" ->
            found.add(publicKey(Der.sequence(RSA_ALGORITHM, Der.bits(block.der))));
        case "CERTIFICATE" -> found.add(certificate(block.der).getPublicKey());
        default -> {}
      }
    }
    if (found.isEmpty()) {
      throw new PemException("no public key found in PEM text");
    }
    return List.copyOf(found);
  }

  /** Certificates as PEM, one block each. */
  public static byte[] write(List<X509Certificate> certificates) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(2048);
    for (X509Certificate certificate : certificates) {
      try {
        out.writeBytes(write("CERTIFICATE", certificate.getEncoded()));
      } catch (CertificateException e) {
        throw new PemException("a certificate cannot be encoded", e);
      }
    }
    return out.toByteArray();
  }

  /** A certificate as PEM. */
  public static byte[] write(X509Certificate certificate) {
    return write(List.of(certificate));
  }

  /** A private key as PKCS#8 PEM. */
  public static byte[] write(PrivateKey key) {
    return write("PRIVATE KEY", key.getEncoded());
  }

  /** A public key as PEM. */
  public static byte[] write(PublicKey key) {
    return write("PUBLIC KEY", key.getEncoded());
  }

  /** One block of any type, for example {@code CERTIFICATE REQUEST}. */
  public static byte[] write(String type, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return ("-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * The content of the first block of a type.
   *
   * @throws PemException when there is none
   */
  public static byte[] der(String type, byte[] pem) {
    for (Block block : blocks(pem)) {
      if (block.type.equals(type)) {
        return block.der;
      }
    }
    throw new PemException("no " + type + " found in PEM text");
  }

  private static PrivateKey privateKeyFromPkcs8(byte[] der) {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        continue; // not of this kind; the encoding names its kind only in a way the JDK hides
      }
    }
    throw new PemException("malformed private key, or one of an unknown kind");
  }

  private static PublicKey publicKey(byte[] der) {
    X509EncodedKeySpec spec = new X509EncodedKeySpec(der);
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePublic(spec);
      } catch (GeneralSecurityException e) {
        continue; // as above
      }
    }
    throw new PemException("malformed public key, or one of an unknown kind");
  }

  private static List<Block> blocks(byte[] pem) {
    List<Block> found = new ArrayList<>(2);
    Matcher matcher = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
    while (matcher.find()) {
      try {
        found.add(
            new Block(
                matcher.group(1),
                Base64.getDecoder().decode(matcher.group(2).replaceAll("\\s", ""))));
      } catch (IllegalArgumentException e) {
        throw new PemException("malformed base64 in a " + matcher.group(1) + " block", e);
      }
    }
    return found;
  }
}
