package io.kubra.apiserver.auth;

import io.kubra.api.status.ApiException;
import io.kubra.transport.http.HttpHeaders;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The Impersonate headers: acting as another user, with the permission to do so. */
final class Impersonation {
  static final String USER = "Impersonate-User";
  private static final String UID = "Impersonate-Uid";
  private static final String GROUP = "Impersonate-Group";
  private static final String EXTRA_PREFIX = "impersonate-extra-";
  private static final String ACCOUNT_PREFIX = "system:serviceaccount:";
  private final Authorizer authorizer;

  Impersonation(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  UserInfo apply(UserInfo requester, HttpHeaders headers) {
    String name = headers.getOr(USER, "");
    String uid = headers.getOr(UID, "");
    List<String> groups = headers.all(GROUP);
    Map<String, List<String>> extra = extra(headers);
    if (name.isEmpty()) {
      if (groups.isEmpty() && uid.isEmpty() && extra.isEmpty()) {
        return requester;
      }
      throw ApiException.internal(
          "Internal error occurred: requested [%s] without impersonating a user"
              .formatted(requested(uid, groups, extra)));
    }
    List<String> effective = new ArrayList<>(groups);
    String[] account = accountOf(name);
    if (account.length == 2) {
      check(requester, "", "serviceaccounts", "", account[0], account[1]);
      if (groups.isEmpty()) {
        effective.add("system:serviceaccounts");
        effective.add("system:serviceaccounts:" + account[0]);
      }
    } else {
      check(requester, "", "users", "", "", name);
    }
    for (String group : groups) {
      check(requester, "", "groups", "", "", group);
    }
    if (!uid.isEmpty()) {
      check(requester, "authentication.k8s.io", "uids", "", "", uid);
    }
    extra.forEach(
        (key, values) -> {
          for (String value : values) {
            check(requester, "authentication.k8s.io", "userextras", key, "", value);
          }
        });
    return RequestAuthenticator.inAuthenticated(new UserInfo(name, uid, effective, extra));
  }

  private void check(
      UserInfo requester,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name) {
    Decision decision =
        authorizer.authorize(
            RequestAttributes.resource(
                requester, "impersonate", group, "v1", resource, subresource, namespace, name));
    if (!decision.allowed()) {
      String full = subresource.isEmpty() ? resource : resource + "/" + subresource;
      String scope =
          namespace.isEmpty() ? "at the cluster scope" : "in the namespace \"" + namespace + "\"";
      String reason = decision.reason().isEmpty() ? "" : ": " + decision.reason();
      throw ApiException.forbidden(
          group,
          resource,
          name,
          "User \"%s\" cannot impersonate resource \"%s\" in API group \"%s\" %s%s"
              .formatted(requester.name(), full, group, scope, reason));
    }
  }

  /** Namespace and name of a service account's user name; empty for other users. */
  static String[] accountOf(String user) {
    if (!user.startsWith(ACCOUNT_PREFIX)) {
      return new String[0];
    }
    String[] parts = user.substring(ACCOUNT_PREFIX.length()).split(":", -1);
    return parts.length == 2 && !parts[0].isEmpty() && !parts[1].isEmpty() ? parts : new String[0];
  }

  private static Map<String, List<String>> extra(HttpHeaders headers) {
    Map<String, List<String>> extra = new LinkedHashMap<>();
    headers.forEach(
        (header, value) -> {
          String lower = header.toLowerCase(Locale.ROOT);
          if (lower.startsWith(EXTRA_PREFIX) && lower.length() > EXTRA_PREFIX.length()) {
            String key = unescape(lower.substring(EXTRA_PREFIX.length()));
            extra.computeIfAbsent(key, k -> new ArrayList<>(1)).add(value);
          }
        });
    return extra;
  }

  private static String unescape(String key) {
    try {
      return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return key;
    }
  }

  private static String requested(
      String uid, List<String> groups, Map<String, List<String>> extra) {
    List<String> all = new ArrayList<>();
    groups.forEach(group -> all.add("Group " + group));
    extra.forEach((key, values) -> all.add("UserExtra " + key));
    if (!uid.isEmpty()) {
      all.add("UID " + uid);
    }
    return String.join(" ", all);
  }
}
