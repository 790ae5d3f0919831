package io.kubra.apiserver.encoding;

import io.kubra.apiserver.cache.StoredObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One answer to a list request.
 *
 * @param continueToken for the next page, empty on the last
 * @param remaining how many objects follow, null if unknown or none
 */
public record ListPage(
    List<StoredObject> items, long revision, String continueToken, @Nullable Long remaining) {

  /** The list's metadata. */
  public Map<String, Object> metadata() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("resourceVersion", Long.toString(revision));
    if (!continueToken.isEmpty()) {
      metadata.put("continue", continueToken);
    }
    if (remaining != null) {
      metadata.put("remainingItemCount", remaining);
    }
    return metadata;
  }
}
