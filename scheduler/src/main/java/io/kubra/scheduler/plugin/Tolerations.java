package io.kubra.scheduler.plugin;

import io.kubra.model.core.v1.Taint;
import io.kubra.model.core.v1.Toleration;
import java.util.List;

/** Matching of tolerations with taints. */
final class Tolerations {
  private Tolerations() {}

  static boolean tolerate(List<Toleration> tolerations, Taint taint) {
    for (Toleration toleration : tolerations) {
      if (tolerates(toleration, taint)) {
        return true;
      }
    }
    return false;
  }

  private static boolean tolerates(Toleration toleration, Taint taint) {
    String effect = toleration.effect();
    if (effect != null && !effect.isEmpty() && !effect.equals(taint.effect())) {
      return false;
    }
    String key = toleration.key() == null ? "" : toleration.key();
    boolean exists = "Exists".equals(toleration.operator());
    if (key.isEmpty()) {
      return exists;
    }
    return key.equals(taint.key())
        && (exists || orEmpty(toleration.value()).equals(orEmpty(taint.value())));
  }

  private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "" : text;
  }
}
