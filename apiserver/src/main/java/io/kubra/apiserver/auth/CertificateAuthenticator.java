package io.kubra.apiserver.auth;

import io.kubra.api.status.ApiException;
import io.kubra.apiserver.pki.DistinguishedName;
import io.kubra.metrics.Histogram;
import io.kubra.metrics.MetricRegistry;
import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.tls.PeerVerifier;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Users by client certificate: the common name is the user, the organisations are the groups. The
 * transport has verified the chain; validity is checked on every request because connections can
 * outlive certificates.
 */
public final class CertificateAuthenticator implements Authenticator {
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USAGE = "2.5.29.37.0";
  private static final int REMEMBERED = 1_000;
  private static final double[] REMAINING_SECONDS = {
    0, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 345600, 604800, 2592000, 7776000, 15552000,
    31104000
  };

  private final Map<X509Certificate, UserInfo> users = new ConcurrentHashMap<>();
  private final Supplier<List<X509Certificate>> authorities;
  private final InstantSource clock;
  private final Histogram remaining;

  /**
   * An authenticator on a clock.
   *
   * @param authorities who issues the certificates of users; the transport may trust others too
   * @param metrics where it is counted how long the certificates that are used are still good for
   */
  public CertificateAuthenticator(
      Supplier<List<X509Certificate>> authorities, InstantSource clock, MetricRegistry metrics) {
    this.authorities = authorities;
    this.clock = clock;
    this.remaining =
        metrics
            .histogram(
                "apiserver_client_certificate_expiration_seconds",
                "Distribution of the remaining lifetime on the certificate used to authenticate a"
                    + " request.",
                REMAINING_SECONDS)
            .with();
  }

  @Override
  public Optional<UserInfo> authenticate(HttpExchange exchange) {
    List<X509Certificate> chain = exchange.peerCertificates();
    if (chain.isEmpty()) {
      return Optional.empty();
    }
    X509Certificate certificate = chain.getFirst();
    if (clock.millis() > certificate.getNotAfter().getTime()
        || clock.millis() < certificate.getNotBefore().getTime()) {
      throw ApiException.unauthorized("Unauthorized");
    }
    remaining.observe((certificate.getNotAfter().getTime() - clock.millis()) / 1e3);
    UserInfo user = users.get(certificate);
    if (user == null) {
      user = ofUsers(chain) ? read(certificate) : UserInfo.of("");
      if (users.size() >= REMEMBERED) {
        users.clear();
      }
      users.put(certificate, user);
    }
    return user.name().isEmpty() ? Optional.empty() : Optional.of(user);
  }

  /** Whether this is the certificate of a user, and not of a front proxy. */
  private boolean ofUsers(List<X509Certificate> chain) {
    try {
      PeerVerifier.verifyClient(chain, authorities.get());
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  /** The common name of who a certificate is for; empty if there is none. */
  static String commonName(X509Certificate certificate) {
    try {
      return DistinguishedName.of(certificate.getSubjectX500Principal()).commonName();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static UserInfo read(X509Certificate certificate) {
    try {
      List<String> usages = certificate.getExtendedKeyUsage();
      if (usages != null && !usages.contains(CLIENT_AUTH) && !usages.contains(ANY_USAGE)) {
        throw ApiException.unauthorized("Unauthorized");
      }
      DistinguishedName name = DistinguishedName.of(certificate.getSubjectX500Principal());
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      String id = "X509SHA256=" + HexFormat.of().formatHex(digest);
      return new UserInfo(
          name.commonName(),
          "",
          name.organizations(),
          Map.of("authentication.kubernetes.io/credential-id", List.of(id)));
    } catch (CertificateParsingException
        | CertificateEncodingException
        | NoSuchAlgorithmException
        | IllegalArgumentException e) {
      throw ApiException.unauthorized("Unauthorized");
    }
  }
}
