package io.kubra.apiserver.jwt;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.cel.Expression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How claims become a user. Groups and uid may be left out (null).
 *
 * @param extra what is added under which key, in order
 */
record ClaimMappings(
    Mapping username,
    @Nullable Mapping groups,
    @Nullable Mapping uid,
    Map<String, Expression> extra) {

  /** Where a value comes from. */
  sealed interface Mapping {
    /** A claim, with a prefix. */
    record Claim(String name, String prefix) implements Mapping {}

    /** The result of an expression. */
    record Expressed(Expression expression) implements Mapping {}
  }

  static ClaimMappings of(String path, @Nullable Map<String, Object> tree) {
    Mapping username = mapping(path + ".username", Trees.map(tree, "username"), true);
    if (username == null) {
      throw new IllegalArgumentException(
          path + ".username: Required value: claim or expression is required");
    }
    Map<String, Expression> extra = new LinkedHashMap<>();
    List<Map<String, Object>> all = Trees.maps(tree, "extra");
    for (int i = 0; i < all.size(); i++) {
      String here = path + ".extra[" + i + "]";
      String key = Trees.stringOr(all.get(i), "", "key");
      if (!key.equals(key.toLowerCase(Locale.ROOT))
          || key.indexOf('/') <= 0
          || extra.containsKey(key)) {
        throw Issuer.wrong(
            here + ".key", "keys are domain-prefixed paths in lower case, each once");
      }
      extra.put(
          key,
          Expressions.compile(
              here + ".valueExpression",
              Expressions.CLAIMS,
              Trees.stringOr(all.get(i), "", "valueExpression")));
    }
    return new ClaimMappings(
        username,
        mapping(path + ".groups", Trees.map(tree, "groups"), true),
        mapping(path + ".uid", Trees.map(tree, "uid"), false),
        extra);
  }

  private static @Nullable Mapping mapping(
      String path, @Nullable Map<String, Object> tree, boolean prefixed) {
    if (tree == null) {
      return null;
    }
    String claim = Trees.stringOr(tree, "", "claim");
    String text = Trees.stringOr(tree, "", "expression");
    if (claim.isEmpty() == text.isEmpty()) {
      throw Issuer.wrong(path, "either claim or expression must be set");
    }
    if (!text.isEmpty()) {
      return new Mapping.Expressed(
          Expressions.compile(path + ".expression", Expressions.CLAIMS, text));
    }
    if (prefixed && !(tree.get("prefix") instanceof String)) {
      throw new IllegalArgumentException(
          path
              + ".prefix: Required value: prefix is required when claim is set. It can be set to an"
              + " empty string to disable prefixing");
    }
    return new Mapping.Claim(claim, Trees.stringOr(tree, "", "prefix"));
  }

  /**
   * The user of some claims.
   *
   * @throws InvalidTokenException if there is no user name in them
   */
  UserInfo userOf(Map<String, Object> claims) {
    List<String> names = values("username", username, claims);
    if (names.size() != 1) {
      throw new InvalidTokenException("username claim value must not be empty");
    }
    if (username instanceof Mapping.Claim claim
        && claim.name.equals("email")
        && claims.containsKey("email_verified")
        && !Boolean.TRUE.equals(claims.get("email_verified"))) {
      throw new InvalidTokenException("email not verified");
    }
    List<String> uids = uid == null ? List.of() : values("uid", uid, claims);
    Map<String, List<String>> more = new LinkedHashMap<>();
    extra.forEach(
        (key, expression) -> {
          List<String> found =
              Expressions.strings(Expressions.evaluate(expression, Expressions.CLAIMS, claims));
          if (!found.isEmpty()) {
            more.put(key, found);
          }
        });
    return new UserInfo(
        names.getFirst(),
        uids.isEmpty() ? "" : uids.getFirst(),
        groups == null ? List.of() : values("groups", groups, claims),
        more);
  }

  private static List<String> values(String what, Mapping mapping, Map<String, Object> claims) {
    return switch (mapping) {
      case Mapping.Expressed(Expression expression) ->
          Expressions.strings(Expressions.evaluate(expression, Expressions.CLAIMS, claims));
      case Mapping.Claim(String name, String prefix) -> {
        Object value = claims.get(name);
        if (value == null && what.equals("username")) {
          throw new InvalidTokenException(
              "parse username claims \"%s\": claim not present".formatted(name));
        }
        List<String> all = new ArrayList<>();
        if (value instanceof String text && !text.isEmpty()) {
          all.add(prefix + text);
        } else if (value instanceof List<?> list && what.equals("groups")) {
          for (Object each : list) {
            if (!(each instanceof String text)) {
              throw new InvalidTokenException(
                  "parse groups claim \"%s\": not a string".formatted(name));
            }
            all.add(prefix + text);
          }
        }
        yield all;
      }
    };
  }
}
