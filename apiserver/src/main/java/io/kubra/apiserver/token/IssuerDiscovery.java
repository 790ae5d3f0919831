package io.kubra.apiserver.token;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.request.NonResourceEndpoint;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.transport.http.HttpHeaders;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The OpenID Connect documents by which others can check service account tokens. */
public final class IssuerDiscovery implements NonResourceEndpoint {
  private static final String CONFIGURATION = "/.well-known/openid-configuration";
  private static final String KEYS = "/openid/v1/jwks";
  private final byte[] configuration;
  private final byte[] keySet;

  /**
   * @param externalUrl where the API server is reached, such as {@code https://10.0.0.1:6443}
   */
  public IssuerDiscovery(ServiceAccountTokens tokens, String externalUrl) {
    List<Object> keys = new ArrayList<>();
    List<Object> algorithms = new ArrayList<>();
    for (PublicKey key : tokens.keys().accepted()) {
      keys.add(jwk(key));
      String algorithm = Jws.algorithm(key instanceof ECKey);
      if (!algorithms.contains(algorithm)) {
        algorithms.add(algorithm);
      }
    }
    keySet = Json.write(Map.of("keys", keys));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("issuer", tokens.issuer());
    document.put("jwks_uri", externalUrl + KEYS);
    document.put("response_types_supported", List.of("id_token"));
    document.put("subject_types_supported", List.of("public"));
    document.put("id_token_signing_alg_values_supported", algorithms);
    configuration = Json.write(document);
  }

  @Override
  public boolean matches(String path) {
    return path.equals(CONFIGURATION) || path.equals(KEYS);
  }

  @Override
  public void handle(RequestContext context) {
    if (!context.exchange().method().equals("GET")) {
      throw ApiException.methodNotSupported("", "", context.info().verb());
    }
    boolean isKeys = context.info().path().equals(KEYS);
    HttpHeaders headers =
        HttpHeaders.of(
            "Content-Type",
            isKeys ? "application/jwk-set+json" : "application/json",
            "Cache-Control",
            "public, max-age=3600");
    context.exchange().respond(200, headers, isKeys ? keySet : configuration);
  }

  private static Map<String, Object> jwk(PublicKey key) {
    Map<String, Object> jwk = new LinkedHashMap<>();
    jwk.put("use", "sig");
    jwk.put("kty", key instanceof ECKey ? "EC" : "RSA");
    jwk.put("kid", Jws.keyId(key));
    jwk.put("alg", Jws.algorithm(key instanceof ECKey));
    switch (key) {
      case ECPublicKey ec -> {
        jwk.put("crv", "P-256");
        jwk.put("x", coordinate(ec.getW().getAffineX()));
        jwk.put("y", coordinate(ec.getW().getAffineY()));
      }
      case RSAPublicKey rsa -> {
        jwk.put("n", Jws.encode(unsigned(rsa.getModulus())));
        jwk.put("e", Jws.encode(unsigned(rsa.getPublicExponent())));
      }
      default -> throw new IllegalStateException("key of type " + key.getAlgorithm());
    }
    return jwk;
  }

  /** A coordinate always has the 32 bytes of the curve. */
  private static String coordinate(BigInteger value) {
    byte[] bytes = unsigned(value);
    byte[] padded = new byte[32];
    System.arraycopy(bytes, 0, padded, padded.length - bytes.length, bytes.length);
    return Jws.encode(padded);
  }

  private static byte[] unsigned(BigInteger value) {
    byte[] bytes = value.toByteArray();
    return bytes.length > 1 && bytes[0] == 0
        ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length)
        : bytes;
  }
}
