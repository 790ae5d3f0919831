package io.kubra.apiserver.token;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.apiserver.request.CreateHandler;
import io.kubra.apiserver.request.RequestContext;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers {@code serviceaccounts/token}: issues tokens that expire and can be bound to objects. */
public final class TokenRequests implements CreateHandler {
  private static final long DEFAULT_SECONDS = 3600;
  private static final long LEAST_SECONDS = 600;
  private static final long MOST_SECONDS = 1L << 32;

  /**
   * The lifetime that pods are injected with. Old clients do not reload such a token: it is made to
   * last a year, and to be warned about after the time that was asked for.
   */
  private static final long INJECTED_SECONDS = 3607;

  private static final Duration EXTENDED = Duration.ofDays(365);
  private final ServiceAccountTokens tokens;
  private final ObjectReader objects;

  public TokenRequests(ServiceAccountTokens tokens, ObjectReader objects) {
    this.tokens = tokens;
    this.objects = objects;
  }

  @Override
  public Map<String, Object> create(RequestContext context, Map<String, Object> body) {
    String namespace = context.info().namespace();
    String name = context.info().name();
    Map<String, Object> account = get(ServiceAccountTokens.ACCOUNTS, namespace, name);
    long seconds = Trees.integerOr(body, DEFAULT_SECONDS, "spec", "expirationSeconds");
    checkLifetime(name, seconds);
    List<String> audiences = Trees.strings(body, "spec", "audiences");
    if (audiences.isEmpty()) {
      audiences = tokens.apiAudiences();
    }
    Map<String, Object> reference = Trees.map(body, "spec", "boundObjectRef");
    requireOwnPod(context.user(), reference);
    Bindings bindings = bind(namespace, account, reference);
    boolean extend =
        seconds == INJECTED_SECONDS
            && bindings.pod != null
            && new HashSet<>(tokens.apiAudiences()).containsAll(audiences);
    Duration asked = Duration.ofSeconds(seconds);
    Instant now = tokens.now().truncatedTo(ChronoUnit.SECONDS);
    String token =
        tokens.issue(
            new ServiceAccountTokens.Request(
                namespace,
                new BoundObject(name, uid(account)),
                bindings.pod,
                bindings.secret,
                bindings.node,
                audiences,
                extend ? EXTENDED : asked,
                extend ? asked : null),
            now);
    Trees.set(body, new ArrayList<Object>(audiences), "spec", "audiences");
    Trees.set(body, seconds, "spec", "expirationSeconds");
    Trees.set(body, token, "status", "token");
    Trees.set(body, now.plus(asked).toString(), "status", "expirationTimestamp");
    Trees.set(body, name, "metadata", "name");
    Trees.set(body, namespace, "metadata", "namespace");
    Trees.set(body, now.toString(), "metadata", "creationTimestamp");
    return body;
  }

  private static void checkLifetime(String name, long seconds) {
    String field = "spec.expirationSeconds";
    if (seconds < LEAST_SECONDS) {
      throw invalid(
          name,
          FieldError.invalid(field, seconds, "may not specify a duration less than 10 minutes"));
    }
    if (seconds > MOST_SECONDS) {
      throw invalid(
          name,
          FieldError.invalid(
              field, seconds, "may not specify a duration larger than 2^32 seconds"));
    }
  }

  /** Nodes get tokens for pods only; that the pod runs on them is for the node authoriser. */
  private static void requireOwnPod(UserInfo user, @Nullable Map<String, Object> reference) {
    if (!user.in("system:nodes")) {
      return;
    }
    String node =
        user.name().startsWith("system:node:")
            ? user.name().substring("system:node:".length())
            : "";
    if (reference == null) {
      throw refused(node, "node requested token not bound to a pod");
    }
    if (!"Pod".equals(reference.get("kind"))) {
      throw refused(node, "node requested token not bound to a pod");
    }
    if (Trees.stringOr(reference, "", "uid").isEmpty()) {
      throw refused(node, "node requested token with a pod binding without a uid");
    }
  }

  private static ApiException refused(String node, String why) {
    return ApiException.forbidden("", "serviceaccounts", node, why);
  }

  private record Bindings(
      @Nullable BoundObject pod, @Nullable BoundObject secret, @Nullable BoundObject node) {}

  private Bindings bind(
      String namespace, Map<String, Object> account, @Nullable Map<String, Object> reference) {
    if (reference == null) {
      return new Bindings(null, null, null);
    }
    String name = Trees.stringOr(reference, "", "name");
    String accountName = Trees.stringOr(account, "", "metadata", "name");
    switch (Trees.stringOr(reference, "", "kind")) {
      case "Pod" -> {
        Map<String, Object> pod = get(ServiceAccountTokens.PODS, namespace, name);
        String used = Trees.stringOr(pod, "", "spec", "serviceAccountName");
        if (!used.equals(accountName)) {
          throw ApiException.badRequest(
              "cannot bind token for serviceaccount \"%s\" to pod running with different serviceaccount name."
                  .formatted(accountName));
        }
        return new Bindings(
            bound("pods", pod, reference), null, nodeOf(Trees.string(pod, "spec", "nodeName")));
      }
      case "Secret" -> {
        Map<String, Object> secret = get(ServiceAccountTokens.SECRETS, namespace, name);
        return new Bindings(null, bound("secrets", secret, reference), null);
      }
      case "Node" -> {
        Map<String, Object> node = get(ServiceAccountTokens.NODES, "", name);
        return new Bindings(null, null, bound("nodes", node, reference));
      }
      default ->
          throw ApiException.badRequest(
              "cannot bind token to object of type " + Trees.stringOr(reference, "", "kind"));
    }
  }

  private @Nullable BoundObject nodeOf(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      return null;
    }
    Map<String, Object> node = objects.get(ServiceAccountTokens.NODES, "", name);
    return new BoundObject(name, node == null ? "" : uid(node));
  }

  private static BoundObject bound(
      String resource, Map<String, Object> object, Map<String, Object> reference) {
    String wanted = Trees.stringOr(reference, "", "uid");
    String name = Trees.stringOr(object, "", "metadata", "name");
    if (!wanted.isEmpty() && !wanted.equals(uid(object))) {
      throw ApiException.conflict(
          "",
          resource,
          name,
          "the UID in the bound object reference (%s) does not match the UID in record. The object might have been deleted and then recreated"
              .formatted(wanted));
    }
    return new BoundObject(name, uid(object));
  }

  private Map<String, Object> get(GroupResource kind, String namespace, String name) {
    Map<String, Object> object = objects.get(kind, namespace, name);
    if (object == null) {
      throw ApiException.notFound(kind.group(), kind.resource(), name);
    }
    return object;
  }

  private static String uid(Map<String, Object> object) {
    return Trees.stringOr(object, "", "metadata", "uid");
  }

  private static ApiException invalid(String name, FieldError error) {
    return ApiException.invalid("authentication.k8s.io", "TokenRequest", name, List.of(error));
  }
}
