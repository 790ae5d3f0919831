package io.kubra.apiserver.auth;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.remote.RemoteException;
import io.kubra.apiserver.remote.RemoteService;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks another service whose token it is, by a TokenReview. Answers are remembered for a while,
 * under a digest of the token; failures to answer are not.
 */
public final class WebhookTokenAuthenticator implements TokenAuthenticator {
  private static final Logger log = LoggerFactory.getLogger(WebhookTokenAuthenticator.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final RemoteService service;
  private final Remembered<Optional<Identity>> answers;
  private final Duration lifetime;

  /**
   * @param lifetime how long an answer holds
   */
  public WebhookTokenAuthenticator(RemoteService service, Duration lifetime) {
    this.service = service;
    this.lifetime = lifetime;
    this.answers = new Remembered<>(10_000);
  }

  @Override
  public Optional<Identity> authenticate(String token, List<String> audiences) {
    String key = digest(token) + String.join("\n", audiences);
    Optional<Identity> known = answers.get(key);
    if (known != null) {
      return known;
    }
    try {
      Optional<Identity> answer = ask(token, audiences);
      answers.put(key, answer, lifetime);
      return answer;
    } catch (RemoteException e) {
      log.warn("the token webhook failed: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Identity> ask(String token, List<String> audiences) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("token", token);
    if (!audiences.isEmpty()) {
      spec.put("audiences", List.copyOf(audiences));
    }
    Map<String, Object> review = new LinkedHashMap<>();
    review.put("apiVersion", "authentication.k8s.io/v1");
    review.put("kind", "TokenReview");
    review.put("metadata", Map.of());
    review.put("spec", spec);
    Map<String, Object> status = Trees.map(service.post(review, TIMEOUT), "status");
    if (!Trees.bool(status, "authenticated")) {
      return Optional.empty();
    }
    Map<String, List<String>> extra = new LinkedHashMap<>();
    Map<String, Object> given = Trees.map(status, "user", "extra");
    if (given != null) {
      given.keySet().forEach(k -> extra.put(k, Trees.strings(given, k)));
    }
    UserInfo user =
        new UserInfo(
            Trees.stringOr(status, "", "user", "username"),
            Trees.stringOr(status, "", "user", "uid"),
            Trees.strings(status, "user", "groups"),
            extra);
    List<String> accepted = Trees.strings(status, "audiences");
    if (!audiences.isEmpty() && !accepted.isEmpty()) {
      accepted = accepted.stream().filter(audiences::contains).toList();
      if (accepted.isEmpty()) {
        return Optional.empty();
      }
    }
    return Optional.of(new Identity(user, accepted));
  }

  private static String digest(String token) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK knows no SHA-256", e);
    }
  }
}
