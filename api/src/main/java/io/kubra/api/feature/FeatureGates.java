package io.kubra.api.feature;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Kubernetes' feature gates as they are in force. What is stable is on and cannot be switched off;
 * alpha and beta are off unless they are asked for, which is stricter than upstream for beta (RA2).
 */
public final class FeatureGates {
  private static final String LIST = "feature-gates.txt";

  /** How far a feature has come. */
  public enum Stage {
    ALPHA,
    BETA,
    GA;

    /** The stage in metrics, where upstream leaves it out for stable features. */
    public String label() {
      return this == GA ? "" : name();
    }
  }

  /**
   * A gate as it is in force.
   *
   * @param enabled whether the feature is on
   */
  public record Gate(String name, Stage stage, boolean enabled) {}

  private final Map<String, Gate> gates;

  private FeatureGates(Map<String, Gate> gates) {
    this.gates = gates;
  }

  /** The gates of a cluster that asks for nothing. */
  public static FeatureGates defaults() {
    return of(Map.of());
  }

  /**
   * The gates with what is asked for.
   *
   * @throws IllegalArgumentException in upstream's words, if one is unknown or cannot be switched
   *     off
   */
  public static FeatureGates of(Map<String, Boolean> wanted) {
    Map<String, Gate> gates = known();
    wanted.forEach(
        (name, on) -> {
          Gate gate = gates.get(name);
          if (gate == null) {
            throw new IllegalArgumentException("unrecognized feature gate: " + name);
          }
          if (gate.stage() == Stage.GA && !on) {
            throw new IllegalArgumentException(
                "cannot set feature gate %s to false, feature is locked to true".formatted(name));
          }
          gates.put(name, new Gate(name, gate.stage(), on));
        });
    return new FeatureGates(gates);
  }

  /**
   * Whether a feature is on.
   *
   * @throws IllegalArgumentException if there is no such gate
   */
  public boolean enabled(String name) {
    Gate gate = gates.get(name);
    if (gate == null) {
      throw new IllegalArgumentException("unrecognized feature gate: " + name);
    }
    return gate.enabled();
  }

  /** All gates, by name. */
  public Collection<Gate> all() {
    return Collections.unmodifiableCollection(gates.values());
  }

  private static Map<String, Gate> known() {
    Map<String, Gate> gates = new TreeMap<>();
    try (InputStream in = FeatureGates.class.getResourceAsStream(LIST)) {
      if (in == null) {
        throw new IllegalStateException(LIST + " is missing");
      }
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (!line.startsWith("#")) {
          String[] fields = line.split(" ");
          Stage stage = Stage.valueOf(fields[1]);
          gates.put(fields[0], new Gate(fields[0], stage, stage == Stage.GA));
        }
      }
      return gates;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
