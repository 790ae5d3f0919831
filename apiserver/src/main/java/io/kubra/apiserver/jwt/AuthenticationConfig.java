package io.kubra.apiserver.jwt;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.AnonymousAccess;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An AuthenticationConfiguration.
 *
 * @param issuers whose tokens are accepted
 * @param anonymous what may be asked without credentials; empty if the file does not say
 */
public record AuthenticationConfig(List<Issuer> issuers, Optional<AnonymousAccess> anonymous) {

  /**
   * Reads an AuthenticationConfiguration; expressions are compiled.
   *
   * @throws IllegalArgumentException saying which field is wrong
   */
  public static AuthenticationConfig of(Map<String, Object> tree) {
    if (!"AuthenticationConfiguration".equals(tree.get("kind"))
        || !Trees.stringOr(tree, "", "apiVersion").startsWith("apiserver.config.k8s.io/v1")) {
      throw new IllegalArgumentException(
          "expected an AuthenticationConfiguration of apiserver.config.k8s.io/v1, not %s of %s"
              .formatted(tree.get("kind"), tree.get("apiVersion")));
    }
    List<Issuer> issuers = new ArrayList<>();
    Set<String> urls = new HashSet<>();
    List<Map<String, Object>> all = Trees.maps(tree, "jwt");
    for (int i = 0; i < all.size(); i++) {
      Issuer issuer = Issuer.of("jwt[" + i + "]", all.get(i));
      if (!urls.add(issuer.url())) {
        throw new IllegalArgumentException(
            "jwt[%d].issuer.url: Duplicate value: \"%s\"".formatted(i, issuer.url()));
      }
      issuers.add(issuer);
    }
    Map<String, Object> anonymous = Trees.map(tree, "anonymous");
    return new AuthenticationConfig(
        List.copyOf(issuers),
        anonymous == null ? Optional.empty() : Optional.of(anonymous(anonymous)));
  }

  private static AnonymousAccess anonymous(Map<String, Object> tree) {
    Set<String> paths = new HashSet<>();
    for (Map<String, Object> condition : Trees.maps(tree, "conditions")) {
      paths.add(Trees.stringOr(condition, "", "path"));
    }
    boolean enabled = Trees.bool(tree, "enabled");
    if (!enabled && !paths.isEmpty()) {
      throw new IllegalArgumentException(
          "anonymous.conditions: Invalid value: enabled should be set to true when conditions are defined");
    }
    return enabled ? AnonymousAccess.to(paths) : AnonymousAccess.NONE;
  }
}
