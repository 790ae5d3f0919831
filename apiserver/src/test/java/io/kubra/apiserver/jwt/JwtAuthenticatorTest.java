package io.kubra.apiserver.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubra.api.json.Json;
import io.kubra.apiserver.auth.TokenAuthenticator.Identity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JwtAuthenticatorTest {
  @TempDir Path folder;
  private TestingIssuer issuer;
  private JwtAuthenticator authenticator;

  @BeforeEach
  void start() throws Exception {
    issuer = new TestingIssuer(folder);
    authenticator =
        use(
            """
            "claimMappings": {"username": {"claim": "sub", "prefix": "oidc:"},
                              "groups": {"claim": "groups", "prefix": "oidc:"}}""");
  }

  @AfterEach
  void stop() {
    authenticator.close();
    issuer.close();
  }

  private JwtAuthenticator use(String rest) {
    String jwt =
        """
        {"issuer": {"url": "%s", "audiences": ["kubra"], "certificateAuthority": %s}, %s}"""
            .formatted(issuer.url(), Json.toString(issuer.authority()), rest);
    return new JwtAuthenticator(config(jwt), Clock.systemUTC(), Duration.ZERO);
  }

  private static AuthenticationConfig config(String jwt) {
    return AuthenticationConfig.of(
        Json.parseObject(
            ("{\"apiVersion\": \"apiserver.config.k8s.io/v1\", \"kind\": \"AuthenticationConfiguration\","
                    + " \"jwt\": ["
                    + jwt
                    + "]}")
                .getBytes(StandardCharsets.UTF_8)));
  }

  private Optional<Identity> ask(Map<String, Object> claims) throws Exception {
    return authenticator.authenticate(issuer.token(claims), List.of());
  }

  @Test
  void aTokenIsTheUserOfItsClaims() throws Exception {
    Identity jane = ask(Map.of("groups", List.of("dev", "ops"))).orElseThrow();

    assertThat(jane.user().name()).isEqualTo("oidc:jane");
    assertThat(jane.user().groups()).containsExactly("oidc:dev", "oidc:ops");
    assertThat(jane.audiences()).containsExactly("kubra");
  }

  @Test
  void expressionsMapClaimsAndRulesRefuseThem() throws Exception {
    authenticator.close();
    authenticator =
        use(
            """
            "claimValidationRules": [
              {"claim": "hd", "requiredValue": "example.org"},
              {"expression": "claims.exp - claims.iat <= 3600", "message": "lifetime over an hour"}],
            "claimMappings": {
              "username": {"expression": "claims.email.split('@')[0]"},
              "groups": {"expression": "claims.?roles.orValue([])"},
              "uid": {"claim": "sub"},
              "extra": [{"key": "example.org/tenant", "valueExpression": "claims.tenant"}]},
            "userValidationRules": [
              {"expression": "!user.username.startsWith('system:')", "message": "reserved"}]""");
    long now = System.currentTimeMillis() / 1000;
    Map<String, Object> good =
        Map.of(
            "hd", "example.org",
            "iat", now,
            "email", "jane@example.org",
            "roles", List.of("dev"),
            "tenant", "blue");

    Identity jane = ask(good).orElseThrow();

    assertThat(jane.user().name()).isEqualTo("jane");
    assertThat(jane.user().uid()).isEqualTo("jane");
    assertThat(jane.user().groups()).containsExactly("dev");
    assertThat(jane.user().extra()).isEqualTo(Map.of("example.org/tenant", List.of("blue")));
    assertThat(ask(with(good, "hd", "other.org"))).isEmpty();
    assertThat(ask(with(good, "iat", now - 7200))).isEmpty();
    assertThat(ask(with(good, "email", "system:admin@example.org"))).isEmpty();
  }

  private static Map<String, Object> with(Map<String, Object> claims, String key, Object value) {
    Map<String, Object> changed = new java.util.HashMap<>(claims);
    changed.put(key, value);
    return changed;
  }

  @Test
  void tokensThatAreExpiredOrForOthersAreRefused() throws Exception {
    long now = System.currentTimeMillis() / 1000;

    assertThat(ask(Map.of("exp", now - 1))).isEmpty();
    assertThat(ask(Map.of("nbf", now + 3600))).isEmpty();
    assertThat(ask(Map.of("aud", List.of("other")))).isEmpty();
    assertThat(ask(Map.of("iss", "https://other.example"))).isEmpty();
    assertThat(ask(Map.of("aud", List.of("other", "kubra")))).isPresent();
  }

  @Test
  void aTamperedOrUnsignedTokenIsRefused() throws Exception {
    String token = issuer.token(Map.of());
    String[] parts = token.split("\\.");
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    String other = encode(claims.replace("jane", "root"));
    String none = encode("{\"alg\":\"none\"}");

    assertThat(authenticator.authenticate(parts[0] + "." + other + "." + parts[2], List.of()))
        .isEmpty();
    assertThat(authenticator.authenticate(none + "." + parts[1] + ".", List.of())).isEmpty();
    assertThat(authenticator.authenticate("a.b.c", List.of())).isEmpty();
    assertThat(authenticator.authenticate("no token", List.of())).isEmpty();
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void keysAreReadOnceAndAgainWhenTheIssuerChangesThem() throws Exception {
    ask(Map.of());
    ask(Map.of());
    assertThat(issuer.reads()).isEqualTo(1);
    String old = issuer.token(Map.of());

    issuer.rotate();

    assertThat(ask(Map.of())).isPresent();
    assertThat(issuer.reads()).isEqualTo(2);
    assertThat(authenticator.authenticate(old, List.of())).isEmpty();
  }

  @Test
  void timesBeyondTheCalendarAreNoErrorOfTheServer() throws Exception {
    assertThat(ask(Map.of("exp", Long.MAX_VALUE))).isPresent();
    assertThat(ask(Map.of("exp", 1e300))).isPresent();
    assertThat(ask(Map.of("exp", Long.MIN_VALUE))).isEmpty();
    assertThat(ask(Map.of("nbf", Long.MAX_VALUE))).isEmpty();
    assertThat(ask(Map.of("nbf", Long.MIN_VALUE))).isPresent();
  }

  @Test
  void tokensWithKnownKeysDoNotWaitWhileASlowIssuerIsAskedForOthers() throws Exception {
    String old = issuer.token(Map.of());
    assertThat(authenticator.authenticate(old, List.of())).isPresent();
    CountDownLatch answered = new CountDownLatch(1);
    issuer.hold(answered);
    issuer.rotate();
    String unknown = issuer.token(Map.of());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var other = threads.submit(() -> authenticator.authenticate(unknown, List.of()));
      await().until(() -> issuer.reads() == 2);

      var known = threads.submit(() -> authenticator.authenticate(old, List.of()));
      try {
        assertThat(known.get(5, TimeUnit.SECONDS)).isPresent();
      } finally {
        answered.countDown();
      }
      assertThat(other.get(5, TimeUnit.SECONDS)).isPresent();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'url':'http://a' | URL scheme must be https",
        "'url':'https://a','audiences':[] | jwt[0].issuer.audiences: Required value",
        "'url':'https://a','audiences':['x','y'] | audienceMatchPolicy must be MatchAny",
        "'url':'https://a','audiences':['x'] | jwt[0].claimMappings.username: Required value",
      })
  void aWrongConfigurationIsRefusedWithItsField(String issuerFields, String why) {
    String jwt = "{'issuer':{%s}}".formatted(issuerFields).replace('\'', '"');

    assertThatThrownBy(() -> config(jwt)).hasMessageContaining(why);
  }

  @Test
  void anExpressionThatDoesNotCompileIsRefused() {
    String jwt =
        "{'issuer':{'url':'https://a','audiences':['x']},'claimMappings':{'username':{'expression':'claims.'}}}"
            .replace('\'', '"');

    assertThatThrownBy(() -> config(jwt))
        .hasMessageContaining(
            "jwt[0].claimMappings.username.expression: Invalid value: compilation");
  }
}
