package io.kubra.client.match;

import io.kubra.model.core.v1.Taint;
import io.kubra.model.core.v1.Toleration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Matching of tolerations with taints. */
public final class Tolerations {
  private Tolerations() {}

  /** Whether one of the tolerations tolerates the taint. */
  public static boolean tolerate(List<Toleration> tolerations, Taint taint) {
    for (Toleration toleration : tolerations) {
      if (tolerates(toleration, taint)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the toleration tolerates the taint; one without a key and with Exists tolerates all.
   */
  public static boolean tolerates(Toleration toleration, Taint taint) {
    String effect = toleration.effect();
    if (effect != null && !effect.isEmpty() && !effect.equals(taint.effect())) {
      return false;
    }
    String key = orEmpty(toleration.key());
    boolean exists = "Exists".equals(toleration.operator());
    if (key.isEmpty()) {
      return exists;
    }
    return key.equals(taint.key())
        && (exists || orEmpty(toleration.value()).equals(orEmpty(taint.value())));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
