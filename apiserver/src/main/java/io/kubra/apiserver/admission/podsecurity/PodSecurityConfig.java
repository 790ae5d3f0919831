package io.kubra.apiserver.admission.podsecurity;

import io.kubra.api.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the plugin is configured, as {@code PodSecurityConfiguration} of {@code
 * pod-security.admission.config.k8s.io/v1}.
 *
 * @param defaults what namespaces without labels ask
 * @param users whose requests are not looked at
 * @param namespaces whose pods are not looked at
 * @param runtimeClasses of pods that are not looked at
 */
public record PodSecurityConfig(
    NamespacePolicy defaults,
    Set<String> users,
    Set<String> namespaces,
    Set<String> runtimeClasses) {

  /** Upstream's: nothing is asked of namespaces without labels, and nobody is exempt. */
  public static final PodSecurityConfig DEFAULT =
      new PodSecurityConfig(NamespacePolicy.PRIVILEGED, Set.of(), Set.of(), Set.of());

  /**
   * Reads a PodSecurityConfiguration.
   *
   * @throws IllegalArgumentException saying which field is wrong
   */
  public static PodSecurityConfig of(Map<String, Object> tree) {
    String version = Trees.stringOr(tree, "", "apiVersion");
    if (!version.startsWith("pod-security.admission.config.k8s.io/")
        || !"PodSecurityConfiguration".equals(Trees.string(tree, "kind"))) {
      throw new IllegalArgumentException(
          "expected a PodSecurityConfiguration of pod-security.admission.config.k8s.io/v1, not "
              + Trees.stringOr(tree, "", "kind")
              + " of "
              + version);
    }
    return new PodSecurityConfig(
        new NamespacePolicy(policy(tree, "enforce"), policy(tree, "audit"), policy(tree, "warn")),
        exempt(tree, "usernames"),
        exempt(tree, "namespaces"),
        exempt(tree, "runtimeClasses"));
  }

  private static LevelVersion policy(Map<String, Object> tree, String mode) {
    String level = Trees.stringOr(tree, "privileged", "defaults", mode);
    String version = Trees.stringOr(tree, "latest", "defaults", mode + "-version");
    return new LevelVersion(
        Level.of(level)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "defaults.%s: Invalid value: \"%s\": must be one of privileged, baseline, restricted"
                            .formatted(mode, level))),
        PolicyVersion.of(version)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "defaults.%s-version: Invalid value: \"%s\": must be \"latest\" or \"v1.x\""
                            .formatted(mode, version))));
  }

  private static Set<String> exempt(Map<String, Object> tree, String what) {
    List<String> names = Trees.strings(tree, "exemptions", what);
    Set<String> unique = Set.copyOf(names);
    if (unique.contains("") || unique.size() != names.size()) {
      throw new IllegalArgumentException(
          "exemptions.%s: names must be neither empty nor twice there".formatted(what));
    }
    return unique;
  }
}
