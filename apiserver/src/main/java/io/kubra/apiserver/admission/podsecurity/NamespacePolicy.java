package io.kubra.apiserver.admission.podsecurity;

import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a namespace asks of its pods.
 *
 * @param enforce pods that violate it are refused
 * @param audit violations are noted in the audit log
 * @param warn violations are told to the user
 */
public record NamespacePolicy(LevelVersion enforce, LevelVersion audit, LevelVersion warn) {
  /** The prefix of labels and of audit annotations. */
  static final String PREFIX = "pod-security.kubernetes.io/";

  /** Nothing is asked. */
  public static final NamespacePolicy PRIVILEGED =
      new NamespacePolicy(
          LevelVersion.PRIVILEGED, LevelVersion.PRIVILEGED, LevelVersion.PRIVILEGED);

  /** Whether nothing is asked in any mode. */
  boolean privileged() {
    return enforce.level() == Level.PRIVILEGED
        && audit.level() == Level.PRIVILEGED
        && warn.level() == Level.PRIVILEGED;
  }

  /**
   * Reads a namespace's labels. What cannot be read is reported, and stands for the strictest level
   * where pods are refused, and for the mildest in the other modes.
   */
  static NamespacePolicy of(
      @Nullable Map<String, Object> namespace,
      NamespacePolicy defaults,
      Consumer<FieldError> errors) {
    Map<String, Object> labels = Trees.map(namespace, "metadata", "labels");
    if (labels == null || labels.isEmpty()) {
      return defaults;
    }
    LevelVersion enforce = read(labels, "enforce", defaults.enforce, Level.RESTRICTED, errors);
    LevelVersion audit = read(labels, "audit", defaults.audit, Level.PRIVILEGED, errors);
    LevelVersion warn = read(labels, "warn", defaults.warn, Level.PRIVILEGED, errors);
    boolean silent = labels.containsKey(PREFIX + "enforce") && !labels.containsKey(PREFIX + "warn");
    if (silent && enforce.level().compareTo(warn.level()) > 0) {
      // what refuses pods should warn of their templates
      warn =
          new LevelVersion(
              enforce.level(),
              labels.containsKey(PREFIX + "warn-version") ? warn.version() : enforce.version());
    }
    return new NamespacePolicy(enforce, audit, warn);
  }

  private static LevelVersion read(
      Map<String, Object> labels,
      String mode,
      LevelVersion defaults,
      Level whenUnreadable,
      Consumer<FieldError> errors) {
    Level level = defaults.level();
    PolicyVersion version = defaults.version();
    if (labels.get(PREFIX + mode) instanceof String text) {
      level = Level.of(text).orElse(whenUnreadable);
      if (Level.of(text).isEmpty()) {
        errors.accept(invalid(mode, text, "must be one of privileged, baseline, restricted"));
      }
    }
    if (labels.get(PREFIX + mode + "-version") instanceof String text) {
      version = PolicyVersion.of(text).orElse(PolicyVersion.LATEST);
      if (PolicyVersion.of(text).isEmpty()) {
        errors.accept(invalid(mode + "-version", text, "must be \"latest\" or \"v1.x\""));
      }
    }
    return new LevelVersion(level, version);
  }

  private static FieldError invalid(String label, String value, String why) {
    return FieldError.invalid("metadata.labels[" + PREFIX + label + "]", value, why);
  }

  /** In the words of upstream's warning: {@code enforce=restricted:latest, warn=…}. */
  String compact(NamespacePolicy defaults) {
    List<String> parts = new java.util.ArrayList<>(3);
    if (!enforce.equals(defaults.enforce)) {
      parts.add("enforce=" + enforce);
    }
    if (!audit.equals(defaults.audit)) {
      parts.add("audit=" + audit);
    }
    if (!warn.equals(defaults.warn)) {
      parts.add("warn=" + warn);
    }
    return String.join(", ", parts);
  }
}
