package io.kubra.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a list or watch is limited to; null means unset.
 *
 * @param limit the largest page, 0 for everything at once
 * @param timeoutSeconds how long a watch may last, 0 for the server's choice
 */
public record ListOptions(
    @Nullable String labelSelector,
    @Nullable String fieldSelector,
    int limit,
    @Nullable String continueToken,
    @Nullable String resourceVersion,
    @Nullable String resourceVersionMatch,
    boolean allowWatchBookmarks,
    int timeoutSeconds) {
  /** Everything, as of now. */
  public static final ListOptions ALL = new ListOptions(null, null, 0, null, null, null, false, 0);

  /** Limited by a label selector such as {@code app=web,tier!=db}. */
  public ListOptions withLabels(String selector) {
    return new ListOptions(
        selector,
        fieldSelector,
        limit,
        continueToken,
        resourceVersion,
        resourceVersionMatch,
        allowWatchBookmarks,
        timeoutSeconds);
  }

  /** Limited by a field selector such as {@code spec.nodeName=n1}. */
  public ListOptions withFields(String selector) {
    return new ListOptions(
        labelSelector,
        selector,
        limit,
        continueToken,
        resourceVersion,
        resourceVersionMatch,
        allowWatchBookmarks,
        timeoutSeconds);
  }

  /** One page of at most {@code limit} objects. */
  public ListOptions withPage(int limit, @Nullable String continueToken) {
    return new ListOptions(
        labelSelector,
        fieldSelector,
        limit,
        continueToken,
        resourceVersion,
        resourceVersionMatch,
        allowWatchBookmarks,
        timeoutSeconds);
  }

  /** From a resource version on. */
  public ListOptions withResourceVersion(String resourceVersion) {
    return new ListOptions(
        labelSelector,
        fieldSelector,
        limit,
        continueToken,
        resourceVersion,
        resourceVersionMatch,
        allowWatchBookmarks,
        timeoutSeconds);
  }

  /** With bookmarks, and an end after the given number of seconds. */
  public ListOptions withBookmarks(int timeoutSeconds) {
    return new ListOptions(
        labelSelector,
        fieldSelector,
        limit,
        continueToken,
        resourceVersion,
        resourceVersionMatch,
        true,
        timeoutSeconds);
  }

  String query(boolean watch) {
    StringBuilder query = new StringBuilder();
    append(query, "watch", watch ? "true" : null);
    append(query, "labelSelector", labelSelector);
    append(query, "fieldSelector", fieldSelector);
    append(query, "limit", limit == 0 ? null : Integer.toString(limit));
    append(query, "continue", continueToken);
    append(query, "resourceVersion", resourceVersion);
    append(query, "resourceVersionMatch", resourceVersionMatch);
    append(query, "allowWatchBookmarks", allowWatchBookmarks ? "true" : null);
    append(query, "timeoutSeconds", timeoutSeconds == 0 ? null : Integer.toString(timeoutSeconds));
    return query.toString();
  }

  private static void append(StringBuilder query, String name, @Nullable String value) {
    if (value != null) {
      query
          .append(query.isEmpty() ? '?' : '&')
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }
}
