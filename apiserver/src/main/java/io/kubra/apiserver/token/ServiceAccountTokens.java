package io.kubra.apiserver.token;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.TokenAuthenticator;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.pki.ServiceAccountKeys;
import io.kubra.apiserver.registry.ObjectReader;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes and checks the tokens of service accounts. A token is good as long as its account, and the
 * pod, secret or node that it is bound to, exist with the uid that it names. Good tokens are
 * remembered for ten seconds, as upstream does, so that most requests need no cryptography.
 */
public final class ServiceAccountTokens implements TokenAuthenticator {
  static final GroupResource ACCOUNTS = new GroupResource("", "serviceaccounts");
  static final GroupResource PODS = new GroupResource("", "pods");
  static final GroupResource SECRETS = new GroupResource("", "secrets");
  static final GroupResource NODES = new GroupResource("", "nodes");
  private static final String CLAIM = "kubernetes.io";
  private static final String LEGACY = "kubernetes.io/serviceaccount/";
  private static final String LEGACY_ISSUER = "kubernetes/serviceaccount";
  private static final Duration REMEMBER = Duration.ofSeconds(10);
  private static final int REMEMBERED = 10_000;

  /** What an object being deleted may still use its token for, in seconds. */
  private static final Duration DELETION_LEEWAY = Duration.ofSeconds(60);

  private record Key(String token, List<String> audiences) {}

  private record Remembered(Identity identity, Instant until) {}

  private final String issuer;
  private final List<String> apiAudiences;
  private final ServiceAccountKeys keys;
  private final ObjectReader objects;
  private final InstantSource clock;
  private final String signingKeyId;
  private final Map<Key, Remembered> remembered = new ConcurrentHashMap<>();

  /**
   * @param issuer the URL that tokens name as their issuer, and audience if none is asked for
   */
  public ServiceAccountTokens(
      String issuer, ServiceAccountKeys keys, ObjectReader objects, InstantSource clock) {
    this.issuer = issuer;
    this.apiAudiences = List.of(issuer);
    this.keys = keys;
    this.objects = objects;
    this.clock = clock;
    signingKeyId = Jws.keyId(keys.accepted().getFirst());
  }

  /** What a token is to say. */
  record Request(
      String namespace,
      BoundObject account,
      @Nullable BoundObject pod,
      @Nullable BoundObject secret,
      @Nullable BoundObject node,
      List<String> audiences,
      Duration validity,
      @Nullable Duration warnAfter) {}

  /** The audiences that stand for the API server. */
  List<String> apiAudiences() {
    return apiAudiences;
  }

  String issuer() {
    return issuer;
  }

  ServiceAccountKeys keys() {
    return keys;
  }

  Instant now() {
    return clock.instant();
  }

  String issue(Request request, Instant now) {
    Map<String, Object> bound = new LinkedHashMap<>();
    bound.put("namespace", request.namespace());
    put(bound, "node", request.node());
    put(bound, "pod", request.pod());
    put(bound, "secret", request.secret());
    bound.put("serviceaccount", request.account().toTree());
    if (request.warnAfter() != null) {
      bound.put("warnafter", now.plus(request.warnAfter()).getEpochSecond());
    }
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("aud", new ArrayList<Object>(request.audiences()));
    claims.put("exp", now.plus(request.validity()).getEpochSecond());
    claims.put("iat", now.getEpochSecond());
    claims.put("iss", issuer);
    claims.put("jti", UUID.randomUUID().toString());
    claims.put(CLAIM, bound);
    claims.put("nbf", now.getEpochSecond());
    claims.put("sub", userName(request.namespace(), request.account().name()));
    return Jws.sign(claims, keys.signing(), signingKeyId);
  }

  /** Makes the lasting token that a Secret of type {@code service-account-token} carries. */
  public String issueForSecret(
      String namespace, String account, String accountUid, String secretName) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", LEGACY_ISSUER);
    claims.put(LEGACY + "namespace", namespace);
    claims.put(LEGACY + "secret.name", secretName);
    claims.put(LEGACY + "service-account.name", account);
    claims.put(LEGACY + "service-account.uid", accountUid);
    claims.put("sub", userName(namespace, account));
    return Jws.sign(claims, keys.signing(), signingKeyId);
  }

  private static void put(Map<String, Object> target, String field, @Nullable BoundObject object) {
    if (object != null) {
      target.put(field, object.toTree());
    }
  }

  @Override
  public Optional<Identity> authenticate(String token, List<String> audiences) {
    Instant now = clock.instant();
    Key key = new Key(token, audiences);
    Remembered known = remembered.get(key);
    if (known != null && now.isBefore(known.until())) {
      return Optional.of(known.identity());
    }
    Optional<Jws.Parsed> parsed = Jws.parse(token);
    if (parsed.isEmpty() || !signed(parsed.get())) {
      return Optional.empty();
    }
    Map<String, Object> claims = parsed.get().claims();
    Optional<Identity> identity =
        LEGACY_ISSUER.equals(claims.get("iss"))
            ? legacy(claims, audiences)
            : bound(claims, audiences, now);
    identity.ifPresent(
        found -> {
          if (remembered.size() >= REMEMBERED) {
            remembered.clear();
          }
          Instant expiry =
              Instant.ofEpochSecond(Trees.integerOr(claims, Long.MAX_VALUE / 2000, "exp"));
          Instant until = now.plus(REMEMBER);
          remembered.put(key, new Remembered(found, until.isBefore(expiry) ? until : expiry));
        });
    return identity;
  }

  private boolean signed(Jws.Parsed token) {
    Object issuedBy = token.claims().get("iss");
    if (!issuer.equals(issuedBy) && !LEGACY_ISSUER.equals(issuedBy)) {
      return false;
    }
    Object keyId = token.header().get("kid");
    for (PublicKey key : keys.accepted()) {
      if ((keyId == null || keyId.equals(Jws.keyId(key))) && token.signedWith(key)) {
        return true;
      }
    }
    return false;
  }

  private Optional<Identity> bound(Map<String, Object> claims, List<String> wanted, Instant now) {
    long seconds = now.getEpochSecond();
    if (seconds >= Trees.integerOr(claims, 0, "exp")
        || seconds < Trees.integerOr(claims, Long.MAX_VALUE, "nbf")) {
      return Optional.empty();
    }
    List<String> audiences = audiences(claims);
    audiences.retainAll(wanted.isEmpty() ? apiAudiences : wanted);
    Object claim = claims.get(CLAIM);
    String namespace = Trees.stringOr(claim, "", "namespace");
    String account = Trees.stringOr(claim, "", "serviceaccount", "name");
    String uid = Trees.stringOr(claim, "", "serviceaccount", "uid");
    if (audiences.isEmpty()
        || !userName(namespace, account).equals(claims.get("sub"))
        || !alive(ACCOUNTS, namespace, account, uid, now)
        || !boundAlive(claim, "pod", PODS, namespace, now)
        || !boundAlive(claim, "secret", SECRETS, namespace, now)
        || !nodeAlive(claim, now)) {
      return Optional.empty();
    }
    Map<String, List<String>> extra = new LinkedHashMap<>();
    putExtra(extra, "credential-id", prefixed("JTI=", Trees.string(claims, "jti")));
    putExtra(extra, "pod-name", Trees.string(claim, "pod", "name"));
    putExtra(extra, "pod-uid", Trees.string(claim, "pod", "uid"));
    putExtra(extra, "node-name", Trees.string(claim, "node", "name"));
    putExtra(extra, "node-uid", Trees.string(claim, "node", "uid"));
    return Optional.of(new Identity(user(namespace, account, uid, extra), audiences));
  }

  private boolean boundAlive(
      @Nullable Object claim, String field, GroupResource kind, String namespace, Instant now) {
    String name = Trees.string(claim, field, "name");
    return name == null
        || alive(kind, namespace, name, Trees.stringOr(claim, "", field, "uid"), now);
  }

  /** A token may name its pod's node for information only: then the node may be gone. */
  private boolean nodeAlive(@Nullable Object claim, Instant now) {
    String name = Trees.string(claim, "node", "name");
    return name == null
        || Trees.get(claim, "pod") != null
        || alive(NODES, "", name, Trees.stringOr(claim, "", "node", "uid"), now);
  }

  private Optional<Identity> legacy(Map<String, Object> claims, List<String> wanted) {
    String namespace = Trees.stringOr(claims, "", LEGACY + "namespace");
    String account = Trees.stringOr(claims, "", LEGACY + "service-account.name");
    String uid = Trees.stringOr(claims, "", LEGACY + "service-account.uid");
    String secretName = Trees.stringOr(claims, "", LEGACY + "secret.name");
    List<String> audiences = new ArrayList<>(apiAudiences);
    audiences.retainAll(wanted.isEmpty() ? apiAudiences : wanted);
    Map<String, Object> secret = objects.get(SECRETS, namespace, secretName);
    if (audiences.isEmpty()
        || secret == null
        || Trees.string(secret, "metadata", "deletionTimestamp") != null
        || Trees.string(secret, "data", "token") == null
        || !userName(namespace, account).equals(claims.get("sub"))
        || !alive(ACCOUNTS, namespace, account, uid, clock.instant())) {
      return Optional.empty();
    }
    return Optional.of(new Identity(user(namespace, account, uid, Map.of()), audiences));
  }

  private boolean alive(
      GroupResource kind, String namespace, String name, String uid, Instant now) {
    Map<String, Object> object = objects.get(kind, namespace, name);
    if (object == null || !uid.equals(Trees.string(object, "metadata", "uid"))) {
      return false;
    }
    String deletion = Trees.string(object, "metadata", "deletionTimestamp");
    return deletion == null || Instant.parse(deletion).plus(DELETION_LEEWAY).isAfter(now);
  }

  private static UserInfo user(
      String namespace, String account, String uid, Map<String, List<String>> extra) {
    List<String> groups = List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace);
    return new UserInfo(userName(namespace, account), uid, groups, extra);
  }

  /** The user name of a service account. */
  public static String userName(String namespace, String account) {
    return "system:serviceaccount:" + namespace + ":" + account;
  }

  private static List<String> audiences(Map<String, Object> claims) {
    Object aud = claims.get("aud");
    List<String> audiences = new ArrayList<>();
    if (aud instanceof List<?> list) {
      list.forEach(each -> audiences.add(String.valueOf(each)));
    } else if (aud instanceof String one) {
      audiences.add(one);
    }
    return audiences;
  }

  private static @Nullable String prefixed(String prefix, @Nullable String value) {
    return value == null ? null : prefix + value;
  }

  private static void putExtra(
      Map<String, List<String>> extra, String key, @Nullable String value) {
    if (value != null) {
      extra.put("authentication.kubernetes.io/" + key, List.of(value));
    }
  }
}
