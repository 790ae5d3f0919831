package io.kubra.apiserver.rules.core;

import io.kubra.apiserver.rules.VersionConversion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Between the two forms of events: events.k8s.io/v1 has other names for the same fields, and calls
 * those of the core group that it replaced deprecated.
 */
public final class EventConversion implements VersionConversion {
  private static final List<List<String>> SERVED_TO_STORED =
      List.of(
          List.of("regarding", "involvedObject"),
          List.of("note", "message"),
          List.of("reportingController", "reportingComponent"),
          List.of("deprecatedSource", "source"),
          List.of("deprecatedFirstTimestamp", "firstTimestamp"),
          List.of("deprecatedLastTimestamp", "lastTimestamp"),
          List.of("deprecatedCount", "count"));

  @Override
  public Map<String, Object> toStorage(Map<String, Object> served) {
    return renamed(served, "v1", 0, 1);
  }

  @Override
  public Map<String, Object> fromStorage(Map<String, Object> stored) {
    return renamed(stored, "events.k8s.io/v1", 1, 0);
  }

  private static Map<String, Object> renamed(
      Map<String, Object> event, String apiVersion, int from, int to) {
    Map<String, Object> names = new LinkedHashMap<>();
    for (List<String> pair : SERVED_TO_STORED) {
      names.put(pair.get(from), pair.get(to));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    event.forEach((key, value) -> result.put(names.getOrDefault(key, key).toString(), value));
    result.put("apiVersion", apiVersion);
    result.put("kind", "Event");
    return result;
  }
}
