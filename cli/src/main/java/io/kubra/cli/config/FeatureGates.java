package io.kubra.cli.config;

import io.kubra.cli.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Kubernetes' feature gates. What is stable is on and cannot be switched off; alpha and beta are
 * off unless the configuration names them, which is stricter than upstream for beta (RA2).
 */
public final class FeatureGates {
  private static final String LIST = "feature-gates.txt";

  /** How far a feature has come. */
  public enum Stage {
    ALPHA,
    BETA,
    GA
  }

  /**
   * A gate as it is in force.
   *
   * @param enabled whether the feature is on
   */
  public record Gate(String name, Stage stage, boolean enabled) {}

  private FeatureGates() {}

  /**
   * All gates with what the configuration says of them, by name.
   *
   * @throws CliException in upstream's words, if one is unknown or cannot be switched off
   */
  public static Collection<Gate> inForce(Map<String, Boolean> wanted) {
    Map<String, Gate> gates = known();
    wanted.forEach(
        (name, on) -> {
          Gate gate = gates.get(name);
          if (gate == null) {
            throw new CliException("unrecognized feature gate: " + name);
          }
          if (gate.stage() == Stage.GA && !on) {
            throw new CliException(
                "cannot set feature gate %s to false, feature is locked to true".formatted(name));
          }
          gates.put(name, new Gate(name, gate.stage(), on));
        });
    return gates.values();
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
