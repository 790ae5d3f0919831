package io.kubra.conformance.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The findings of a run.
 *
 * @param server the address of the API server
 * @param version what it calls its version; empty if it did not tell
 * @param nodes how many nodes there were
 * @param profile the profile checked
 * @param outcomes in the catalogue's order
 * @param leftovers what the run made and could not remove
 */
public record Report(
    String server,
    String version,
    int nodes,
    String profile,
    Instant started,
    Duration took,
    List<Outcome> outcomes,
    List<String> leftovers) {
  /** How many outcomes have a verdict of that word. */
  public long count(String word) {
    return outcomes.stream().filter(o -> o.verdict().word().equals(word)).count();
  }

  /** The failures of must and must-not. */
  public List<Outcome> breaches() {
    return outcomes.stream().filter(Outcome::breach).toList();
  }

  /** Outcomes by area, in the catalogue's order. */
  public Map<String, List<Outcome>> byArea() {
    Map<String, List<Outcome>> areas = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      areas
          .computeIfAbsent(outcome.requirement().area(), a -> new java.util.ArrayList<>())
          .add(outcome);
    }
    return areas;
  }
}
