package io.kubra.apiserver.admission.podsecurity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which controls a level consists of in each version. */
final class Standards {
  private final List<Rule> rules = new ArrayList<>();
  private final int newest;
  private final Map<LevelVersion, List<Check>> chosen = new ConcurrentHashMap<>();

  /** One control: null for a pod that conforms. */
  @FunctionalInterface
  interface Check extends Function<PodView, @Nullable Violation> {}

  /**
   * A control from a version on.
   *
   * @param id by which versions of one control belong together, and by which violations are sorted
   * @param replaces the baseline's control that it makes needless, or empty
   */
  private record Rule(String id, Level level, int since, String replaces, Check check) {}

  Standards() {
    baseline("appArmorProfile", 0, ProfileControls::appArmor);
    baseline("capabilities_baseline", 0, BaselineControls::capabilities);
    baseline("hostNamespaces", 0, BaselineControls::hostNamespaces);
    baseline("hostPathVolumes", 0, BaselineControls::hostPathVolumes);
    baseline("hostPorts", 0, BaselineControls::hostPorts);
    baseline("hostProbesAndhostLifecycle", 34, BaselineControls::hostProbes);
    baseline("privileged", 0, BaselineControls::privileged);
    baseline("procMount", 0, BaselineControls::procMount);
    baseline("procMount", 35, BaselineControls::procMountUnlessOwnUsers);
    baseline("seLinuxOptions", 0, p -> ProfileControls.seLinux(p, ProfileControls.SELINUX_1_0));
    baseline("seLinuxOptions", 31, p -> ProfileControls.seLinux(p, ProfileControls.SELINUX_1_31));
    baseline("seccompProfile_baseline", 0, ProfileControls::seccompAnnotations);
    baseline("seccompProfile_baseline", 19, ProfileControls::seccomp);
    baseline("sysctls", 0, p -> ProfileControls.sysctls(p, ProfileControls.SYSCTLS_1_0));
    baseline("sysctls", 27, p -> ProfileControls.sysctls(p, ProfileControls.SYSCTLS_1_27));
    baseline("sysctls", 29, p -> ProfileControls.sysctls(p, ProfileControls.SYSCTLS_1_29));
    baseline("sysctls", 32, p -> ProfileControls.sysctls(p, ProfileControls.SYSCTLS_1_32));
    baseline("windowsHostProcess", 0, BaselineControls::hostProcess);

    restricted("allowPrivilegeEscalation", 8, "", RestrictedControls::privilegeEscalation);
    restricted(
        "allowPrivilegeEscalation", 25, "", onLinux(RestrictedControls::privilegeEscalation));
    restricted(
        "capabilities_restricted", 22, "capabilities_baseline", RestrictedControls::capabilities);
    restricted(
        "capabilities_restricted",
        25,
        "capabilities_baseline",
        onLinux(RestrictedControls::capabilities));
    restricted("procMount_restricted", 35, "procMount", BaselineControls::procMount);
    restricted("restrictedVolumes", 0, "hostPathVolumes", RestrictedControls::volumeTypes);
    restricted("runAsNonRoot", 0, "", RestrictedControls::runAsNonRoot);
    restricted("runAsNonRoot", 35, "", withHostUsers(RestrictedControls::runAsNonRoot));
    restricted("runAsUser", 23, "", RestrictedControls::runAsUser);
    restricted("runAsUser", 35, "", withHostUsers(RestrictedControls::runAsUser));
    restricted(
        "seccompProfile_restricted", 19, "seccompProfile_baseline", RestrictedControls::seccomp);
    restricted(
        "seccompProfile_restricted",
        25,
        "seccompProfile_baseline",
        onLinux(RestrictedControls::seccomp));
    newest = rules.stream().mapToInt(Rule::since).max().orElse(0);
  }

  private void baseline(String id, int since, Check check) {
    rules.add(new Rule(id, Level.BASELINE, since, "", check));
  }

  private void restricted(String id, int since, String replaces, Check check) {
    rules.add(new Rule(id, Level.RESTRICTED, since, replaces, check));
  }

  private static Check onLinux(Check check) {
    return pod -> pod.windows() ? null : check.apply(pod);
  }

  private static Check withHostUsers(Check check) {
    return pod -> pod.ownUsers() ? null : check.apply(pod);
  }

  /** What of a level a pod violates: the baseline's controls first, each level's by name. */
  List<Violation> violations(LevelVersion policy, PodView pod) {
    if (policy.level() == Level.PRIVILEGED) {
      return List.of();
    }
    List<Violation> found = new ArrayList<>(0);
    for (Check check : chosen.computeIfAbsent(known(policy), this::choose)) {
      Violation violation = check.apply(pod);
      if (violation != null) {
        found.add(violation);
      }
    }
    return found;
  }

  /** Versions to come have the controls of the newest: labels must not fill the memory. */
  private LevelVersion known(LevelVersion policy) {
    return policy.version().minor() > newest
        ? new LevelVersion(policy.level(), PolicyVersion.LATEST)
        : policy;
  }

  private List<Check> choose(LevelVersion policy) {
    Map<String, Rule> latest = new HashMap<>();
    for (Rule rule : rules) {
      if (rule.level.compareTo(policy.level()) <= 0 && rule.since <= policy.version().minor()) {
        latest.merge(rule.id, rule, (a, b) -> a.since > b.since ? a : b);
      }
    }
    for (Rule rule : List.copyOf(latest.values())) {
      latest.remove(rule.replaces);
    }
    Map<String, Check> sorted = new TreeMap<>();
    latest.values().forEach(rule -> sorted.put(rule.level.ordinal() + rule.id, rule.check));
    return List.copyOf(sorted.values());
  }
}
