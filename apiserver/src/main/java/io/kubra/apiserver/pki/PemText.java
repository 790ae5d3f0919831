package io.kubra.apiserver.pki;

import io.kubra.transport.tls.Pem;
import io.kubra.transport.tls.PemException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** PEM text from and to certificates and keys. Malformed text is a {@link PkiException}. */
public final class PemText {
  private static final Base64.Encoder ENCODER =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
  private static final String RSA_ALGORITHM = "1.2.840.113549.1.1.1";

  private PemText() {}

  /** One block of PEM text. */
  public record Block(String type, byte[] content) {}

  /** All blocks of a text; what stands between them is skipped. */
  public static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    int at = 0;
    while ((at = text.indexOf("-----BEGIN ", at)) >= 0) {
      int typeEnd = text.indexOf("-----", at + 11);
      String type = typeEnd < 0 ? "" : text.substring(at + 11, typeEnd);
      int end = text.indexOf("-----END " + type + "-----", at);
      if (typeEnd < 0 || end < 0) {
        throw new PkiException("PEM block without an end");
      }
      try {
        String body = text.substring(typeEnd + 5, end);
        blocks.add(new Block(type, Base64.getMimeDecoder().decode(body.strip())));
      } catch (IllegalArgumentException e) {
        throw new PkiException("PEM block " + type + " is not base64", e);
      }
      at = end + 1;
    }
    return blocks;
  }

  /** The text of one block. */
  public static String block(String type, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, ENCODER.encodeToString(content), type);
  }

  /** All certificates of a text, at least one. */
  public static List<X509Certificate> certificates(String text) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(text)) {
      if (block.type().equals("CERTIFICATE")) {
        certificates.add(certificate(block.content()));
      }
    }
    if (certificates.isEmpty()) {
      throw new PkiException("no certificate in PEM text");
    }
    return certificates;
  }

  static X509Certificate certificate(byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new PkiException("malformed certificate", e);
    }
  }

  /** The first private key of a text: PKCS#8, or the older forms for EC and RSA keys. */
  public static PrivateKey privateKey(String text) {
    try {
      return Pem.privateKey(text.getBytes(StandardCharsets.US_ASCII));
    } catch (PemException e) {
      throw new PkiException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The first public key of a text. */
  public static PublicKey publicKey(String text) {
    for (Block block : blocks(text)) {
      switch (block.type()) {
        case "PUBLIC KEY" -> {
          return publicKey(block.content());
        }
        case "CERTIFICATE" -> {
          return certificate(block.content()).getPublicKey();
        }
        default -> {}
      }
    }
    throw new PkiException("no public key in PEM text");
  }

  static PublicKey publicKey(byte[] subjectPublicKeyInfo) {
    try {
      EncodedKeySpec spec = new X509EncodedKeySpec(subjectPublicKeyInfo);
      return KeyFactory.getInstance(algorithm(subjectPublicKeyInfo)).generatePublic(spec);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new PkiException("malformed public key", e);
    }
  }

  /** A chain as PEM text. */
  public static String ofCertificates(List<X509Certificate> chain) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : chain) {
      try {
        text.append(block("CERTIFICATE", certificate.getEncoded()));
      } catch (CertificateException e) {
        throw new PkiException("certificate without an encoding", e);
      }
    }
    return text.toString();
  }

  static String ofKey(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  static String ofKey(PublicKey key) {
    return block("PUBLIC KEY", key.getEncoded());
  }

  private static String algorithm(byte[] subjectPublicKeyInfo) {
    DerReader key = new DerReader(subjectPublicKeyInfo).enter(Der.SEQUENCE);
    return switch (key.enter(Der.SEQUENCE).oid()) {
      case RSA_ALGORITHM -> "RSA";
      case "1.3.101.112" -> "Ed25519";
      default -> "EC";
    };
  }
}
