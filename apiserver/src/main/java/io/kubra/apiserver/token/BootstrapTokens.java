package io.kubra.apiserver.token;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.TokenAuthenticator;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.registry.ObjectReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tokens with which nodes join; they are Secrets in kube-system. */
public final class BootstrapTokens implements TokenAuthenticator {
  /** The group of everybody who has such a token. */
  public static final String GROUP = "system:bootstrappers";

  private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
  private static final Pattern EXTRA_GROUP =
      Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");
  private static final GroupResource SECRETS = new GroupResource("", "secrets");
  private final ObjectReader objects;
  private final InstantSource clock;

  public BootstrapTokens(ObjectReader objects, InstantSource clock) {
    this.objects = objects;
    this.clock = clock;
  }

  @Override
  public Optional<Identity> authenticate(String token, List<String> audiences) {
    Matcher parts = TOKEN.matcher(token);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String id = parts.group(1);
    Map<String, Object> secret = objects.get(SECRETS, "kube-system", "bootstrap-token-" + id);
    if (secret == null
        || Trees.string(secret, "metadata", "deletionTimestamp") != null
        || !"bootstrap.kubernetes.io/token".equals(secret.get("type"))
        || !data(secret, "token-id").equals(id)
        || !same(data(secret, "token-secret"), parts.group(2))
        || !data(secret, "usage-bootstrap-authentication").equals("true")
        || expired(data(secret, "expiration"))) {
      return Optional.empty();
    }
    List<String> groups = new ArrayList<>(List.of(GROUP));
    for (String group : data(secret, "auth-extra-groups").split(",", -1)) {
      if (group.isEmpty()) {
        continue;
      }
      if (!EXTRA_GROUP.matcher(group).matches()) {
        return Optional.empty();
      }
      groups.add(group);
    }
    UserInfo user = new UserInfo("system:bootstrap:" + id, "", groups, Map.of());
    return Optional.of(new Identity(user, audiences));
  }

  private boolean expired(String expiration) {
    if (expiration.isEmpty()) {
      return false;
    }
    try {
      Instant end = OffsetDateTime.parse(expiration).toInstant();
      return !clock.instant().isBefore(end);
    } catch (DateTimeException malformed) {
      return true;
    }
  }

  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  private static String data(Map<String, Object> secret, String key) {
    try {
      byte[] decoded = Base64.getDecoder().decode(Trees.stringOr(secret, "", "data", key));
      return new String(decoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return "";
    }
  }
}
