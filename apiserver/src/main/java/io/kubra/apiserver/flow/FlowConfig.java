package io.kubra.apiserver.flow;

import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.request.RequestInfo;
import java.util.List;

/**
 * All flow schemas in the order in which they are asked, each with its level.
 *
 * @param levels all levels, also those that no schema uses
 */
record FlowConfig(List<Entry> entries, List<PriorityLevel> levels) {
  /** A schema, its level, and what is counted of both. */
  record Entry(FlowSchema schema, PriorityLevel level, FlowStats stats) {}

  /** The schema of a request; the last one takes what no other does. */
  Entry entryOf(UserInfo user, RequestInfo info) {
    for (Entry entry : entries) {
      if (entry.schema.matches(user, info)) {
        return entry;
      }
    }
    return entries.getLast();
  }
}
