package io.kubra.apiserver.jwt;

import io.kubra.api.tree.Trees;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One issuer of tokens, and how its claims become a user.
 *
 * @param url as the claim {@code iss} has it
 * @param discoveryUrl where its discovery document is
 * @param authority certificates that its server is trusted by, as PEM; empty for the machine's
 * @param audiences a token must be for one of them
 */
record Issuer(
    String url,
    String discoveryUrl,
    String authority,
    List<String> audiences,
    List<ClaimRule> claimRules,
    ClaimMappings mappings,
    List<ClaimRule.Expressed> userRules) {
  private static final String DISCOVERY = "/.well-known/openid-configuration";

  static Issuer of(String path, Map<String, Object> tree) {
    String url = Trees.stringOr(tree, "", "issuer", "url");
    String given = Trees.stringOr(tree, "", "issuer", "discoveryURL");
    checkUrl(path + ".issuer.url", url);
    if (!given.isEmpty()) {
      checkUrl(path + ".issuer.discoveryURL", given);
      if (given.equals(url)) {
        throw wrong(path + ".issuer.discoveryURL", "discoveryURL must be different from url");
      }
    }
    List<String> audiences = Trees.strings(tree, "issuer", "audiences");
    if (audiences.isEmpty()) {
      throw new IllegalArgumentException(
          path
              + ".issuer.audiences: Required value: at least one jwt[].issuer.audiences is required");
    }
    String policy = Trees.stringOr(tree, "", "issuer", "audienceMatchPolicy");
    if (!(policy.equals("MatchAny") || (policy.isEmpty() && audiences.size() == 1))) {
      throw wrong(
          path + ".issuer.audienceMatchPolicy",
          "audienceMatchPolicy must be MatchAny for multiple audiences");
    }
    List<ClaimRule> rules = new ArrayList<>();
    List<Map<String, Object>> claims = Trees.maps(tree, "claimValidationRules");
    for (int i = 0; i < claims.size(); i++) {
      rules.add(ClaimRule.of(path + ".claimValidationRules[" + i + "]", claims.get(i)));
    }
    List<ClaimRule.Expressed> userRules = new ArrayList<>();
    List<Map<String, Object>> users = Trees.maps(tree, "userValidationRules");
    for (int i = 0; i < users.size(); i++) {
      userRules.add(
          ClaimRule.expressed(
              path + ".userValidationRules[" + i + "]", Expressions.USER, users.get(i)));
    }
    return new Issuer(
        url,
        given.isEmpty() ? url.replaceFirst("/$", "") + DISCOVERY : given,
        Trees.stringOr(tree, "", "issuer", "certificateAuthority"),
        audiences,
        List.copyOf(rules),
        ClaimMappings.of(path + ".claimMappings", Trees.map(tree, "claimMappings")),
        List.copyOf(userRules));
  }

  private static void checkUrl(String path, String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw wrong(path, String.valueOf(e.getMessage()));
    }
    if (!"https".equals(uri.getScheme())) {
      throw wrong(path, "URL scheme must be https");
    }
    if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
      throw wrong(path, "must not contain a username, password, query or fragment");
    }
  }

  static IllegalArgumentException wrong(String path, String why) {
    return new IllegalArgumentException(path + ": Invalid value: " + why);
  }
}
