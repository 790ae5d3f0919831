package io.kubra.apiserver.authz;

import io.kubra.api.tree.Trees;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An AuthorizationConfiguration.
 *
 * @param steps who is asked, in order; the first that has an opinion decides
 */
public record AuthorizationConfig(List<Step> steps) {
  private static final Pattern DURATION = Pattern.compile("([0-9]+)(ms|s|m|h)");
  private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);

  /** What upstream asks unless told otherwise. */
  public static final AuthorizationConfig DEFAULT =
      new AuthorizationConfig(List.of(new Step.Node(), new Step.Rbac()));

  /** One authoriser. */
  public sealed interface Step {
    /** What nodes may do with what runs on them. */
    record Node() implements Step {}

    /** Roles and bindings. */
    record Rbac() implements Step {}

    /** Everything is allowed. */
    record AlwaysAllow() implements Step {}

    /** Nothing is allowed. */
    record AlwaysDeny() implements Step {}

    /**
     * Another service.
     *
     * @param allowedLifetime how long an allowance is remembered
     * @param otherLifetime how long anything else is
     * @param denyOnFailure whether a service that fails denies, rather than to have no opinion
     * @param conditions expressions that must all be true for it to be asked
     */
    record Webhook(
        String name,
        Path kubeconfig,
        Duration allowedLifetime,
        Duration otherLifetime,
        Duration timeout,
        boolean denyOnFailure,
        List<String> conditions)
        implements Step {}
  }

  /**
   * Reads an AuthorizationConfiguration.
   *
   * @param folder where relative paths of kubeconfigs begin
   * @throws IllegalArgumentException saying which field is wrong
   */
  public static AuthorizationConfig of(Map<String, Object> tree, Path folder) {
    if (!"AuthorizationConfiguration".equals(tree.get("kind"))
        || !Trees.stringOr(tree, "", "apiVersion").startsWith("apiserver.config.k8s.io/v1")) {
      throw new IllegalArgumentException(
          "expected an AuthorizationConfiguration of apiserver.config.k8s.io/v1, not %s of %s"
              .formatted(tree.get("kind"), tree.get("apiVersion")));
    }
    List<Step> steps = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> types = new HashSet<>();
    List<Map<String, Object>> all = Trees.maps(tree, "authorizers");
    for (int i = 0; i < all.size(); i++) {
      String path = "authorizers[" + i + "]";
      String type = Trees.stringOr(all.get(i), "", "type");
      String name = Trees.stringOr(all.get(i), "", "name");
      if (name.isEmpty() || !names.add(name)) {
        throw new IllegalArgumentException(path + ".name: names are required, each once");
      }
      if (!type.equals("Webhook") && !types.add(type)) {
        throw new IllegalArgumentException(path + ".type: Duplicate value: \"" + type + '"');
      }
      steps.add(
          switch (type) {
            case "Node" -> new Step.Node();
            case "RBAC" -> new Step.Rbac();
            case "AlwaysAllow" -> new Step.AlwaysAllow();
            case "AlwaysDeny" -> new Step.AlwaysDeny();
            case "Webhook" -> webhook(path + ".webhook", name, all.get(i), folder);
            default ->
                throw new IllegalArgumentException(
                    "%s.type: Unsupported value: \"%s\": supported values: \"AlwaysAllow\", \"AlwaysDeny\", \"Node\", \"RBAC\", \"Webhook\""
                        .formatted(path, type));
          });
    }
    if (steps.isEmpty()) {
      throw new IllegalArgumentException(
          "authorizers: Required value: at least one authorization mode must be defined");
    }
    return new AuthorizationConfig(List.copyOf(steps));
  }

  private static Step webhook(String path, String name, Map<String, Object> entry, Path folder) {
    Map<String, Object> tree = Trees.map(entry, "webhook");
    String failure = Trees.stringOr(tree, "", "failurePolicy");
    if (!failure.equals("Deny") && !failure.equals("NoOpinion")) {
      throw new IllegalArgumentException(
          "%s.failurePolicy: Unsupported value: \"%s\": supported values: \"Deny\", \"NoOpinion\""
              .formatted(path, failure));
    }
    if (!"v1".equals(Trees.string(tree, "subjectAccessReviewVersion"))) {
      throw new IllegalArgumentException(
          path + ".subjectAccessReviewVersion: Unsupported value: supported values: \"v1\"");
    }
    String file = Trees.stringOr(tree, "", "connectionInfo", "kubeConfigFile");
    if (!"KubeConfigFile".equals(Trees.string(tree, "connectionInfo", "type")) || file.isEmpty()) {
      throw new IllegalArgumentException(
          path + ".connectionInfo: Required value: type KubeConfigFile and kubeConfigFile");
    }
    Duration timeout = duration(path + ".timeout", Trees.string(tree, "timeout"), "");
    if (timeout.compareTo(LONGEST_TIMEOUT) > 0 || !timeout.isPositive()) {
      throw new IllegalArgumentException(path + ".timeout: must be between 0 and 30s");
    }
    return new Step.Webhook(
        name,
        folder.resolve(file),
        duration(path + ".authorizedTTL", Trees.string(tree, "authorizedTTL"), "5m"),
        duration(path + ".unauthorizedTTL", Trees.string(tree, "unauthorizedTTL"), "30s"),
        timeout,
        failure.equals("Deny"),
        Trees.maps(tree, "matchConditions").stream()
            .map(c -> Trees.stringOr(c, "", "expression"))
            .toList());
  }

  private static Duration duration(
      String path, @org.jspecify.annotations.Nullable String given, String otherwise) {
    String text = given == null ? otherwise : given;
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(path + ": expected a duration such as 30s or 5m");
    }
    long count = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }
}
