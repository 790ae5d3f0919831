package io.kubra.apiserver.admission.podsecurity;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Why a pod violates a control, in upstream's words.
 *
 * @param reason the control in a few words
 * @param detail who sets what
 */
public record Violation(String reason, String detail) {

  /** All reasons, each with its detail. */
  static String describe(List<Violation> violations) {
    return violations.stream()
        .map(v -> v.detail.isEmpty() ? v.reason : v.reason + " (" + v.detail + ")")
        .collect(Collectors.joining(", "));
  }

  /** All reasons without details, which are the same for many pods. */
  static String summarise(List<Violation> violations) {
    return violations.stream().map(Violation::reason).collect(Collectors.joining(", "));
  }
}
