package io.kubra.apiserver.openapi;

import io.kubra.api.meta.GroupVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What servers behind this one publish of their own group versions; it takes the place of what this
 * server would say of them. Safe from any thread.
 */
public final class ForeignDocuments {
  private final Map<GroupVersion, Documents> documents = new ConcurrentHashMap<>();
  private volatile long changes;

  /**
   * The documents of one group version.
   *
   * @param v3 the text of the OpenAPI v3 document; null if the server has none
   * @param v2 paths and definitions of OpenAPI v2 that belong to the group version; null if the
   *     server has none
   */
  public record Documents(byte @Nullable [] v3, @Nullable Map<String, Object> v2) {}

  /** Publishes documents, in place of those before. */
  public synchronized void put(GroupVersion version, Documents found) {
    documents.put(version, found);
    changes++;
  }

  /** Publishes nothing more of a group version. */
  public synchronized void remove(GroupVersion version) {
    if (documents.remove(version) != null) {
      changes++;
    }
  }

  /** Rises with each change. */
  long changes() {
    return changes;
  }

  byte @Nullable [] v3(GroupVersion version) {
    Documents known = documents.get(version);
    return known == null ? null : known.v3();
  }

  @Nullable Map<String, Object> v2(GroupVersion version) {
    Documents known = documents.get(version);
    return known == null ? null : known.v2();
  }

  /** All documents of version 2, in the order of their group versions. */
  List<Map<String, Object>> v2() {
    Map<String, Map<String, Object>> sorted = new TreeMap<>();
    documents.forEach(
        (version, d) -> {
          Map<String, Object> v2 = d.v2();
          if (v2 != null) {
            sorted.put(version.toString(), v2);
          }
        });
    return new ArrayList<>(sorted.values());
  }
}
