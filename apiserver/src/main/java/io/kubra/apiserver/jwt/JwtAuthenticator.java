package io.kubra.apiserver.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.apiserver.auth.RequestAuthenticator;
import io.kubra.apiserver.auth.TokenAuthenticator;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.cel.CelException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows the tokens of the issuers of an AuthenticationConfiguration. */
public final class JwtAuthenticator implements TokenAuthenticator, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JwtAuthenticator.class);
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

  /** Those that upstream accepts: signatures with public keys only. */
  private static final Set<String> ALGORITHMS =
      Set.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512");

  private final Map<String, Known> issuers = new LinkedHashMap<>();
  private final Clock clock;

  /** An issuer and its keys. */
  private record Known(Issuer issuer, IssuerKeys keys) {}

  public JwtAuthenticator(AuthenticationConfig config, Clock clock) {
    this(config, clock, IssuerKeys.PAUSE);
  }

  /**
   * @param pause how long after keys were read they may be read again
   */
  JwtAuthenticator(AuthenticationConfig config, Clock clock, Duration pause) {
    this.clock = clock;
    for (Issuer issuer : config.issuers()) {
      issuers.put(issuer.url(), new Known(issuer, new IssuerKeys(issuer, clock, pause)));
    }
  }

  @Override
  public Optional<Identity> authenticate(String token, List<String> audiences) {
    Map<String, Object> claims = claims(token);
    Known known = claims == null ? null : issuers.get(String.valueOf(claims.get("iss")));
    if (claims == null || known == null) {
      return Optional.empty();
    }
    try {
      List<String> accepted = audiences(claims);
      accepted = accepted.stream().filter(known.issuer.audiences()::contains).toList();
      check(known, token, claims, accepted);
      UserInfo user = known.issuer.mappings().userOf(claims);
      Map<String, Object> tree = RequestAuthenticator.toTree(user);
      known.issuer.userRules().forEach(rule -> rule.check(tree));
      if (!audiences.isEmpty()) {
        // whoever asks for his own audience wants a token that is meant for him
        accepted = accepted.stream().filter(audiences::contains).toList();
        if (accepted.isEmpty()) {
          return Optional.empty();
        }
      }
      return Optional.of(new Identity(user, accepted));
    } catch (InvalidTokenException | CelException e) {
      log.info("a token of {} is refused: {}", known.issuer.url(), e.getMessage());
      return Optional.empty();
    }
  }

  private void check(Known known, String token, Map<String, Object> claims, List<String> accepted) {
    long now = clock.instant().getEpochSecond();
    if (accepted.isEmpty()) {
      throw new InvalidTokenException(
          "oidc: expected audience in %s got %s"
              .formatted(known.issuer.audiences(), claims.get("aud")));
    }
    if (!(claims.get("exp") instanceof Number expires) || now >= expires.longValue()) {
      throw new InvalidTokenException("oidc: token is expired");
    }
    if (claims.get("nbf") instanceof Number from
        && now + CLOCKS_DIFFER.toSeconds() < from.longValue()) {
      throw new InvalidTokenException("oidc: current time is before the nbf (not before) time");
    }
    try {
      JWSObject signed = JWSObject.parse(token);
      JWSAlgorithm algorithm = signed.getHeader().getAlgorithm();
      if (!ALGORITHMS.contains(algorithm.getName()) || !known.keys.signed(signed)) {
        throw new InvalidTokenException("failed to verify signature: no key fits");
      }
    } catch (ParseException e) {
      throw new InvalidTokenException("oidc: malformed jwt");
    }
    known.issuer.claimRules().forEach(rule -> rule.check(claims));
  }

  private static List<String> audiences(Map<String, Object> claims) {
    return switch (claims.get("aud")) {
      case String one -> List.of(one);
      case List<?> all -> all.stream().map(String::valueOf).toList();
      case null, default -> List.of();
    };
  }

  /** The claims of a token that nobody has verified; null if it is none. */
  private static @Nullable Map<String, Object> claims(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return null;
    }
    try {
      return Json.parseObject(
          Base64.getUrlDecoder().decode(parts[1].getBytes(StandardCharsets.US_ASCII)));
    } catch (IllegalArgumentException | JsonSyntaxException e) {
      return null;
    }
  }

  @Override
  public void close() {
    issuers.values().forEach(known -> known.keys.close());
  }
}
