package io.kubra.controllers.job;

import io.kubra.model.batch.v1.Job;
import io.kubra.model.batch.v1.PodFailurePolicy;
import io.kubra.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.kubra.model.batch.v1.PodFailurePolicyOnPodConditionsPattern;
import io.kubra.model.batch.v1.PodFailurePolicyRule;
import io.kubra.model.core.v1.ContainerStatus;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodCondition;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pod failure policy of Jobs (KEP-3329): the first rule that a failed pod matches decides. */
final class FailurePolicy {
  /**
   * What the policy says of a failed pod.
   *
   * @param counts whether the failure counts towards the back-off limit
   * @param action the action of the rule that matched, or null
   * @param message why the Job fails, or null if it does not
   */
  record Verdict(boolean counts, @Nullable String action, @Nullable String message) {
    boolean failsIndex() {
      return "FailIndex".equals(action);
    }
  }

  private static final Verdict COUNTED = new Verdict(true, null, null);

  private FailurePolicy() {}

  static Verdict of(Job job, Pod pod) {
    PodFailurePolicy policy = job.spec().podFailurePolicy();
    List<PodFailurePolicyRule> rules = policy == null ? List.of() : policy.rules();
    for (int i = 0; i < rules.size(); i++) {
      PodFailurePolicyRule rule = rules.get(i);
      String cause = cause(pod, rule);
      if (cause != null) {
        boolean fails = rule.action().equals("FailJob");
        return new Verdict(
            !rule.action().equals("Ignore"),
            rule.action(),
            fails ? cause + " matching " + rule.action() + " rule at index " + i : null);
      }
    }
    return COUNTED;
  }

  private static @Nullable String cause(Pod pod, PodFailurePolicyRule rule) {
    String name = pod.metadata().namespace() + "/" + pod.metadata().name();
    PodFailurePolicyOnExitCodesRequirement codes = rule.onExitCodes();
    if (codes != null) {
      return Stream.concat(
              pod.status().containerStatuses().stream(),
              pod.status().initContainerStatuses().stream())
          .filter(c -> matches(c, codes))
          .findFirst()
          .map(
              c ->
                  "Container %s for pod %s failed with exit code %d"
                      .formatted(c.name(), name, exitCode(c)))
          .orElse(null);
    }
    for (PodFailurePolicyOnPodConditionsPattern pattern : rule.onPodConditions()) {
      for (PodCondition condition : pod.status().conditions()) {
        if (condition.type().equals(pattern.type())
            && condition.status().equals(Objects.requireNonNullElse(pattern.status(), "True"))) {
          return "Pod %s has condition %s".formatted(name, condition.type());
        }
      }
    }
    return null;
  }

  private static boolean matches(
      ContainerStatus container, PodFailurePolicyOnExitCodesRequirement codes) {
    int code = exitCode(container);
    if (code == 0
        || (codes.containerName() != null && !codes.containerName().equals(container.name()))) {
      return false;
    }
    boolean listed = codes.values().contains(code);
    return codes.operator().equals("In") ? listed : !listed;
  }

  private static int exitCode(ContainerStatus container) {
    return container.state() == null || container.state().terminated() == null
        ? 0
        : container.state().terminated().exitCode();
  }
}
