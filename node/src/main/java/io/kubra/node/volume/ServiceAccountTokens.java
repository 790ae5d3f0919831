package io.kubra.node.volume;

import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.model.authentication.v1.BoundObjectReference;
import io.kubra.model.authentication.v1.TokenRequest;
import io.kubra.model.authentication.v1.TokenRequestSpec;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.ServiceAccount;
import io.kubra.model.core.v1.ServiceAccountTokenProjection;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Service account tokens bound to pods, renewed when four fifths of their life or a day have
 * passed.
 */
final class ServiceAccountTokens {
  private static final Duration OLDEST = Duration.ofHours(24);

  private record Key(String podUid, String audience, long seconds) {}

  private record Token(byte[] value, Instant renewAt, Instant expires) {}

  private final ApiClient client;
  private final InstantSource clock;
  private final Map<Key, Token> tokens = new ConcurrentHashMap<>();

  ServiceAccountTokens(ApiClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /** A token that is valid for a good while. */
  byte[] token(Pod pod, ServiceAccountTokenProjection source) throws VolumeException {
    String audience = Objects.requireNonNullElse(source.audience(), "");
    long seconds = Objects.requireNonNullElse(source.expirationSeconds(), 3600L);
    Key key = new Key(pod.metadata().uid(), audience, seconds);
    Token known = tokens.get(key);
    Instant now = clock.instant();
    if (known != null && now.isBefore(known.renewAt)) {
      return known.value;
    }
    try {
      Token fresh = request(pod, audience, seconds, now);
      tokens.put(key, fresh);
      return fresh.value;
    } catch (ApiException | UncheckedIOException e) {
      if (known != null && now.isBefore(known.expires)) {
        return known.value;
      }
      throw new VolumeException("failed to fetch token: " + e.getMessage(), e);
    }
  }

  private Token request(Pod pod, String audience, long seconds, Instant now)
      throws VolumeException {
    String account = Objects.requireNonNullElse(pod.spec().serviceAccountName(), "default");
    TokenRequest request =
        TokenRequest.builder()
            .spec(
                TokenRequestSpec.builder()
                    .audiences(audience.isEmpty() ? List.of() : List.of(audience))
                    .expirationSeconds(seconds)
                    .boundObjectRef(
                        BoundObjectReference.builder()
                            .apiVersion("v1")
                            .kind("Pod")
                            .name(pod.metadata().name())
                            .uid(pod.metadata().uid())
                            .build())
                    .build())
            .build();
    TokenRequest answer =
        client
            .resource(ServiceAccount.RESOURCE)
            .createSubresource(
                pod.metadata().namespace(), account, "token", request, TokenRequest::read);
    String value = answer.status().token();
    if (value == null || value.isEmpty()) {
      throw new VolumeException("failed to fetch token: the server gave none");
    }
    Instant expires =
        Objects.requireNonNullElse(answer.status().expirationTimestamp(), now.plusSeconds(seconds));
    Duration life = Duration.between(now, expires);
    Duration use = life.multipliedBy(4).dividedBy(5);
    return new Token(
        value.getBytes(StandardCharsets.UTF_8),
        now.plus(use.compareTo(OLDEST) > 0 ? OLDEST : use),
        expires);
  }

  /** Forgets the tokens of a pod. */
  void forget(String podUid) {
    tokens.keySet().removeIf(key -> key.podUid.equals(podUid));
  }
}
