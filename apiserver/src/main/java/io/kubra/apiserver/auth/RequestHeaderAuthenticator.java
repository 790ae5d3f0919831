package io.kubra.apiserver.auth;

import io.kubra.transport.http.HttpExchange;
import io.kubra.transport.http.HttpHeaders;
import io.kubra.transport.tls.PeerVerifier;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Believes a front proxy who the user is: {@code X-Remote-User}, {@code -Uid}, {@code -Group} and
 * {@code -Extra-…}. The proxy is known by its client certificate; from anybody else the fields mean
 * nothing.
 */
public final class RequestHeaderAuthenticator implements Authenticator {
  private static final String EXTRA = "x-remote-extra-";
  private static final int REMEMBERED = 100;

  private final Supplier<List<X509Certificate>> authorities;
  private final Set<String> allowedNames;
  private final InstantSource clock;
  private final Map<X509Certificate, Boolean> proxies = new ConcurrentHashMap<>();

  /**
   * @param authorities who issues the certificates of front proxies
   * @param allowedNames common names that are believed; empty for all
   */
  public RequestHeaderAuthenticator(
      Supplier<List<X509Certificate>> authorities, Set<String> allowedNames, InstantSource clock) {
    this.authorities = authorities;
    this.allowedNames = Set.copyOf(allowedNames);
    this.clock = clock;
  }

  @Override
  public Optional<UserInfo> authenticate(HttpExchange exchange) {
    HttpHeaders headers = exchange.headers();
    String name = headers.getOr("X-Remote-User", "");
    if (name.isEmpty() || !fromProxy(exchange.peerCertificates())) {
      return Optional.empty();
    }
    Map<String, List<String>> extra = new LinkedHashMap<>();
    headers.forEach(
        (header, value) -> {
          String lower = header.toLowerCase(Locale.ROOT);
          if (lower.startsWith(EXTRA)) {
            String key = unescaped(lower.substring(EXTRA.length()));
            extra.computeIfAbsent(key, k -> new ArrayList<>(1)).add(value);
          }
        });
    return Optional.of(
        new UserInfo(
            name, headers.getOr("X-Remote-Uid", ""), headers.all("X-Remote-Group"), extra));
  }

  private boolean fromProxy(List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      return false;
    }
    X509Certificate leaf = chain.getFirst();
    long now = clock.millis();
    if (now > leaf.getNotAfter().getTime() || now < leaf.getNotBefore().getTime()) {
      return false;
    }
    Boolean known = proxies.get(leaf);
    if (known == null) {
      known = isProxy(chain);
      if (proxies.size() >= REMEMBERED) {
        proxies.clear();
      }
      proxies.put(leaf, known);
    }
    return known;
  }

  private boolean isProxy(List<X509Certificate> chain) {
    try {
      PeerVerifier.verifyClient(chain, authorities.get());
    } catch (CertificateException e) {
      return false;
    }
    String name = CertificateAuthenticator.commonName(chain.getFirst());
    return allowedNames.isEmpty() || allowedNames.contains(name);
  }

  private static String unescaped(String key) {
    try {
      return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return key;
    }
  }
}
