package io.kubra.apiserver.token;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Signed JSON in the compact form of JSON Web Tokens, with ES256 or RS256 according to the key. The
 * algorithm that a token's header names must be the one of the key: nothing else is ever tried.
 */
final class Jws {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  private Jws() {}

  /** A token whose signature has not been looked at. */
  record Parsed(
      Map<String, Object> header, Map<String, Object> claims, byte[] signed, byte[] signature) {

    boolean signedWith(PublicKey key) {
      if (!algorithm(key instanceof ECKey).equals(header.get("alg"))) {
        return false;
      }
      try {
        Signature verifier = Signature.getInstance(jcaName(key instanceof ECKey));
        verifier.initVerify(key);
        verifier.update(signed);
        return verifier.verify(signature);
      } catch (GeneralSecurityException e) {
        return false;
      }
    }
  }

  static String sign(Map<String, Object> claims, PrivateKey key, String keyId) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", algorithm(key instanceof ECKey));
    header.put("kid", keyId);
    String content = encode(Json.write(header)) + "." + encode(Json.write(claims));
    try {
      Signature signer = Signature.getInstance(jcaName(key instanceof ECKey));
      signer.initSign(key);
      signer.update(content.getBytes(StandardCharsets.US_ASCII));
      return content + "." + encode(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with a key of type " + key.getAlgorithm(), e);
    }
  }

  /** Takes a token apart; empty if it is none. */
  static Optional<Parsed> parse(String token) {
    int first = token.indexOf('.');
    int second = token.indexOf('.', first + 1);
    if (first <= 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Parsed(
              Json.parseObject(DECODER.decode(token.substring(0, first))),
              Json.parseObject(DECODER.decode(token.substring(first + 1, second))),
              token.substring(0, second).getBytes(StandardCharsets.US_ASCII),
              DECODER.decode(token.substring(second + 1))));
    } catch (IllegalArgumentException | JsonSyntaxException e) {
      return Optional.empty();
    }
  }

  /** The name of a key in tokens and key sets: a hash of it. */
  static String keyId(PublicKey key) {
    try {
      return encode(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK knows no SHA-256", e);
    }
  }

  static String algorithm(boolean ellipticCurve) {
    return ellipticCurve ? "ES256" : "RS256";
  }

  static String encode(byte[] bytes) {
    return ENCODER.encodeToString(bytes);
  }

  private static String jcaName(boolean ellipticCurve) {
    return ellipticCurve ? "SHA256withECDSAinP1363Format" : "SHA256withRSA";
  }
}
