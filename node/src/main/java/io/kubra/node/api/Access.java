package io.kubra.node.api;

import io.kubra.api.status.ApiException;
import io.kubra.client.ApiClient;
import io.kubra.model.authentication.v1.TokenReview;
import io.kubra.model.authentication.v1.TokenReviewSpec;
import io.kubra.model.authentication.v1.UserInfo;
import io.kubra.model.authorization.v1.ResourceAttributes;
import io.kubra.model.authorization.v1.SubjectAccessReview;
import io.kubra.model.authorization.v1.SubjectAccessReviewSpec;
import io.kubra.transport.http.HttpExchange;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may use the node's API: callers show a certificate of the cluster's CA or a token
 * that the cluster confirms, and the cluster is asked whether they may do this to the node. The
 * cluster's answers are remembered for a while.
 */
final class Access {
  private static final Duration ALLOWED = Duration.ofMinutes(5);
  private static final Duration REFUSED = Duration.ofSeconds(30);
  private static final Duration TOKEN = Duration.ofMinutes(2);
  private static final int MOST_REMEMBERED = 10_000;

  private record Question(Caller caller, String verb, String subresource) {}

  private record Answer(boolean allowed, Instant until) {}

  private record Known(@Nullable Caller caller, Instant until) {}

  private final ApiClient client;
  private final String node;
  private final InstantSource clock;
  private final Map<Question, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, Known> tokens = new ConcurrentHashMap<>();

  Access(ApiClient client, String node, InstantSource clock) {
    this.client = client;
    this.node = node;
    this.clock = clock;
  }

  /** Refuses the request unless its caller may make it. */
  void check(HttpExchange x, String subresource) throws Refusal {
    Caller caller;
    String verb =
        switch (x.method()) {
          case "POST" -> "create";
          case "PUT" -> "update";
          case "PATCH" -> "patch";
          case "DELETE" -> "delete";
          default -> "get";
        };
    try {
      caller = caller(x);
      if (caller == null) {
        throw new Refusal(401, "Unauthorized");
      }
      if (allowed(new Question(caller, verb, subresource))) {
        return;
      }
      // Subresources finer than upstream's first ones are also allowed to who may everything.
      if (!subresource.equals("proxy") && allowed(new Question(caller, verb, "proxy"))) {
        return;
      }
    } catch (ApiException | UncheckedIOException e) {
      throw new Refusal(500, "Authorization error (" + e.getMessage() + ")");
    }
    throw new Refusal(
        403,
        "Forbidden (user=%s, verb=%s, resource=nodes, subresource(s)=[%s])"
            .formatted(caller.name(), verb, subresource));
  }

  private @Nullable Caller caller(HttpExchange x) {
    List<X509Certificate> chain = x.peerCertificates();
    if (!chain.isEmpty()) {
      return fromCertificate(chain.getFirst());
    }
    String authorization = x.headers().getOr("Authorization", "");
    if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return null;
    }
    return fromToken(authorization.substring(7).strip());
  }

  private static @Nullable Caller fromCertificate(X509Certificate certificate) {
    String name = "";
    List<String> groups = new ArrayList<>();
    try {
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          name = String.valueOf(rdn.getValue());
        } else if (rdn.getType().equalsIgnoreCase("O")) {
          groups.add(String.valueOf(rdn.getValue()));
        }
      }
    } catch (InvalidNameException e) {
      return null;
    }
    groups.add("system:authenticated");
    return name.isEmpty() ? null : new Caller(name, "", groups, Map.of());
  }

  private @Nullable Caller fromToken(String token) {
    Instant now = clock.instant();
    Known known = tokens.get(token);
    if (known != null && now.isBefore(known.until)) {
      return known.caller;
    }
    TokenReview review =
        client
            .resource(TokenReview.RESOURCE)
            .create(
                TokenReview.builder().spec(TokenReviewSpec.builder().token(token).build()).build());
    Caller caller = null;
    UserInfo user = review.status().user();
    if (Boolean.TRUE.equals(review.status().authenticated()) && user != null) {
      caller =
          new Caller(
              Objects.requireNonNullElse(user.username(), ""),
              Objects.requireNonNullElse(user.uid(), ""),
              user.groups(),
              user.extra());
    }
    if (tokens.size() > MOST_REMEMBERED) {
      tokens.clear();
    }
    tokens.put(token, new Known(caller, now.plus(TOKEN)));
    return caller;
  }

  private boolean allowed(Question question) {
    Instant now = clock.instant();
    Answer known = answers.get(question);
    if (known != null && now.isBefore(known.until)) {
      return known.allowed;
    }
    Caller caller = question.caller;
    SubjectAccessReview review =
        client
            .resource(SubjectAccessReview.RESOURCE)
            .create(
                SubjectAccessReview.builder()
                    .spec(
                        SubjectAccessReviewSpec.builder()
                            .user(caller.name())
                            .uid(caller.uid().isEmpty() ? null : caller.uid())
                            .groups(caller.groups())
                            .extra(caller.extra())
                            .resourceAttributes(
                                ResourceAttributes.builder()
                                    .verb(question.verb)
                                    .version("v1")
                                    .resource("nodes")
                                    .subresource(question.subresource)
                                    .name(node)
                                    .build())
                            .build())
                    .build());
    boolean allowed = review.status().allowed();
    if (answers.size() > MOST_REMEMBERED) {
      answers.clear();
    }
    answers.put(question, new Answer(allowed, now.plus(allowed ? ALLOWED : REFUSED)));
    return allowed;
  }
}
