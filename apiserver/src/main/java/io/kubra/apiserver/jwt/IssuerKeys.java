package io.kubra.apiserver.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.tree.Trees;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.http.HttpClientResponse;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpRequest;
import io.kubra.transport.http.TransportException;
import io.kubra.transport.tls.ClientTls;
import io.kubra.transport.tls.Pem;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of one issuer, read from where its discovery document says: when they are first
 * needed, and again when a token names a key that is not among them, but not more often than every
 * few seconds.
 */
final class IssuerKeys implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
  static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Issuer issuer;
  private final HttpClient client;
  private final Clock clock;
  private final Duration pause;
  private volatile List<JWK> keys = List.of();
  private Instant read = Instant.EPOCH;

  IssuerKeys(Issuer issuer, Clock clock, Duration pause) {
    this.issuer = issuer;
    this.clock = clock;
    this.pause = pause;
    ClientTls tls =
        issuer.authority().isEmpty()
            ? ClientTls.machine()
            : ClientTls.trusting(
                Pem.certificates(issuer.authority().getBytes(StandardCharsets.UTF_8)));
    client = HttpClient.builder().tls(tls).build();
  }

  /** Whether one of the issuer's keys signed the token. */
  boolean signed(JWSObject token) {
    // keys that are known are used without a wait for others who have them read anew
    return verify(token, keys) || verify(token, refreshed());
  }

  private static boolean verify(JWSObject token, List<JWK> keys) {
    JWSHeader header = token.getHeader();
    for (JWK key : keys) {
      if (header.getKeyID() != null
          && key.getKeyID() != null
          && !header.getKeyID().equals(key.getKeyID())) {
        continue;
      }
      if (key instanceof AsymmetricJWK asymmetric && fits(header, key)) {
        try {
          JWSVerifier verifier =
              new DefaultJWSVerifierFactory().createJWSVerifier(header, asymmetric.toPublicKey());
          if (token.verify(verifier)) {
            return true;
          }
        } catch (JOSEException e) {
          log.debug(
              "key {} of {} does not fit: {}",
              key.getKeyID(),
              header.getAlgorithm(),
              e.getMessage());
        }
      }
    }
    return false;
  }

  private static boolean fits(JWSHeader header, JWK key) {
    boolean elliptic = header.getAlgorithm().getName().startsWith("ES");
    return key.getKeyType().getValue().equals(elliptic ? "EC" : "RSA");
  }

  private synchronized List<JWK> refreshed() {
    if (clock.instant().isBefore(read.plus(pause))) {
      return keys;
    }
    try {
      Map<String, Object> discovery = get(issuer.discoveryUrl());
      if (!issuer.url().equals(discovery.get("issuer"))) {
        throw new InvalidTokenException(
            "oidc: issuer did not match the issuer returned by provider, expected \"%s\" got \"%s\""
                .formatted(issuer.url(), discovery.get("issuer")));
      }
      String location = Trees.stringOr(discovery, "", "jwks_uri");
      keys = JWKSet.parse(Json.toString(get(location))).getKeys();
    } catch (InvalidTokenException
        | TransportException
        | JsonSyntaxException
        | ParseException
        | IllegalArgumentException e) {
      log.warn("the keys of {} cannot be read: {}", issuer.url(), e.getMessage());
    } finally {
      // counted from the end: those who waited meanwhile must not ask a slow issuer once more each
      read = clock.instant();
    }
    return keys;
  }

  private Map<String, Object> get(String url) {
    HttpRequest request =
        HttpRequest.of("GET", URI.create(url), HttpHeaders.of("Accept", "application/json"))
            .withTimeout(TIMEOUT);
    try (HttpClientResponse response = client.send(request)) {
      if (response.status() != 200) {
        throw new InvalidTokenException(url + " answered " + response.status());
      }
      return Json.parseObject(response.bytes());
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
