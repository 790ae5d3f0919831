package io.kubra.addons.helm.library;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of one call by the names of the library's C header; what is not set is empty, false
 * or zero there. Not for use by several threads.
 */
public final class HelmOptions {
  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Sets a text; null leaves it unset. */
  public HelmOptions text(String name, @Nullable String value) {
    if (value != null) {
      values.put(name, value);
    }
    return this;
  }

  /** Sets a switch. */
  public HelmOptions flag(String name, boolean on) {
    if (on) {
      values.put(name, 1);
    }
    return this;
  }

  /** Sets a number. */
  public HelmOptions number(String name, int value) {
    values.put(name, value);
    return this;
  }

  /** What is set: strings and integers. */
  Map<String, Object> values() {
    return values;
  }

  /** Names only: values may be secret. */
  @Override
  public String toString() {
    return "HelmOptions" + values.keySet();
  }
}
