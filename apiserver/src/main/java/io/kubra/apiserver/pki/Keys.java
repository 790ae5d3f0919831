package io.kubra.apiserver.pki;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;

/** Makes keys, and signs with whatever kind of key an authority has. */
final class Keys {
  private static final String EC_SHA256 = "1.2.840.10045.4.3.2";
  private static final String RSA_SHA256 = "1.2.840.113549.1.1.11";

  /** The signatures that requests may carry, by object identifier. */
  private static final Map<String, String> SIGNATURES =
      Map.of(
          EC_SHA256,
          "SHA256withECDSA",
          "1.2.840.10045.4.3.3",
          "SHA384withECDSA",
          "1.2.840.10045.4.3.4",
          "SHA512withECDSA",
          RSA_SHA256,
          "SHA256withRSA",
          "1.2.840.113549.1.1.12",
          "SHA384withRSA",
          "1.2.840.113549.1.1.13",
          "SHA512withRSA",
          "1.3.101.112",
          "Ed25519");

  private Keys() {}

  static KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (InvalidAlgorithmParameterException e) {
      throw new PkiException("this JDK knows no P-256 curve", e);
    } catch (GeneralSecurityException e) {
      throw new PkiException("this JDK knows no elliptic curves", e);
    }
  }

  /** The AlgorithmIdentifier of signatures with the key. */
  static byte[] signatureAlgorithm(PrivateKey key) {
    return key instanceof ECPrivateKey
        ? Der.sequence(Der.oid(EC_SHA256))
        : Der.sequence(Der.oid(RSA_SHA256), Der.element(0x05));
  }

  static byte[] sign(PrivateKey key, byte[] data) {
    try {
      Signature signature = Signature.getInstance(jcaName(key instanceof ECPrivateKey));
      signature.initSign(key);
      signature.update(data);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new PkiException("cannot sign with a key of type " + key.getAlgorithm(), e);
    }
  }

  /** Whether the signature, by the algorithm of that object identifier, is the key's. */
  static boolean verify(String algorithm, PublicKey key, byte[] data, byte[] signed) {
    String name = SIGNATURES.get(algorithm);
    return name != null && verifyNamed(name, key, data, signed);
  }

  static boolean verify(PublicKey key, byte[] data, byte[] signed) {
    return verifyNamed(jcaName(key instanceof ECPublicKey), key, data, signed);
  }

  private static boolean verifyNamed(String name, PublicKey key, byte[] data, byte[] signed) {
    try {
      Signature signature = Signature.getInstance(name);
      signature.initVerify(key);
      signature.update(data);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String jcaName(boolean ellipticCurve) {
    return ellipticCurve ? "SHA256withECDSA" : "SHA256withRSA";
  }
}
