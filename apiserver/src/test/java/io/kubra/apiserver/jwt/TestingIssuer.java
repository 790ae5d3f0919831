package io.kubra.apiserver.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.kubra.api.json.Json;
import io.kubra.apiserver.pki.CertificateProfile;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.DistinguishedName;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.http.HttpServer;
import io.kubra.transport.tls.ServerTls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** An OpenID provider on loopback: a discovery document, keys, and tokens. */
public final class TestingIssuer implements AutoCloseable {
  private final ClusterPki pki;
  private final HttpServer server;
  private final AtomicInteger reads = new AtomicInteger();
  private volatile ECKey key;
  private volatile CountDownLatch held = new CountDownLatch(0);

  /** Starts a provider that keeps its certificates in a folder. */
  public TestingIssuer(Path folder) throws JOSEException {
    pki = ClusterPki.open(folder);
    var certificate =
        pki.certificate(
            "issuer",
            CertificateProfile.server(
                DistinguishedName.of("issuer"), List.of("localhost"), List.of("127.0.0.1")));
    server =
        HttpServer.builder()
            .tls(new ServerTls(certificate::keyMaterial, List::of))
            .handler(this::answer)
            .start();
    key = newKey("first");
  }

  private static ECKey newKey(String id) throws JOSEException {
    return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
  }

  private void answer(HttpExchange x) {
    Map<String, Object> body = new LinkedHashMap<>();
    if (x.rawPath().endsWith("/openid-configuration")) {
      body.put("issuer", url());
      body.put("jwks_uri", url() + "/keys");
    } else {
      reads.incrementAndGet();
      await(held);
      body.putAll(new JWKSet(key.toPublicJWK()).toJSONObject());
    }
    x.respond(200, HttpHeaders.of("Content-Type", "application/json"), Json.write(body));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets everybody who asks for the keys wait until the latch is open. */
  void hold(CountDownLatch until) {
    held = until;
  }

  /** The issuer's URL. */
  public String url() {
    return "https://127.0.0.1:" + server.port();
  }

  /** Its authority, as PEM. */
  public String authority() {
    return pki.authority().certificatePem();
  }

  int reads() {
    return reads.get();
  }

  /** Signs with another key from now on; the old one is not published any more. */
  void rotate() throws JOSEException {
    key = newKey("second");
  }

  /** A token with these claims beside the usual ones. */
  public String token(Map<String, Object> claims) throws JOSEException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("iss", url());
    all.put("aud", "kubra");
    all.put("sub", "jane");
    all.put("exp", Instant.now().getEpochSecond() + 600);
    all.putAll(claims);
    JWSObject token =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
            new Payload(new String(Json.write(all), StandardCharsets.UTF_8)));
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }

  @Override
  public void close() {
    server.close();
    pki.close();
  }
}
