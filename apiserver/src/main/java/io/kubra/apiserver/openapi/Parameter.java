package io.kubra.apiserver.openapi;

import java.util.List;
import java.util.Map;

/** A parameter of an operation, in the path or in the query. */
record Parameter(String name, String in, String type, boolean required, String description) {
  static final Parameter NAME = path("name", "name of the object");
  static final Parameter NAMESPACE = path("namespace", "namespace in which to find the object");
  static final Parameter PATH = path("path", "path of the URL to forward the request to");
  static final Parameter PRETTY =
      query("pretty", "string", "Whether to indent the output for people to read.");

  static final Parameter DRY_RUN =
      query(
          "dryRun",
          "string",
          "Set to All to go through all stages of the request without storing anything.");
  static final Parameter FIELD_MANAGER =
      query("fieldManager", "string", "Who makes this change; at most 128 printable characters.");
  static final Parameter FIELD_VALIDATION =
      query(
          "fieldValidation",
          "string",
          "What to do about unknown and duplicate fields: Ignore, Warn (the default) or Strict.");
  static final Parameter FORCE =
      query("force", "boolean", "Whether an apply takes fields over from other managers.");

  /** For writes that bring an object. */
  static final List<Parameter> WRITE = List.of(DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION);

  static final List<Parameter> PATCH = List.of(DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION, FORCE);

  static final List<Parameter> DELETE =
      List.of(
          DRY_RUN,
          query("gracePeriodSeconds", "integer", "Seconds until the object is gone; 0 means now."),
          query(
              "ignoreStoreReadErrorWithClusterBreakingPotential",
              "boolean",
              "Whether to delete an object that cannot be read back from the store."),
          query("orphanDependents", "boolean", "Deprecated: use propagationPolicy."),
          query(
              "propagationPolicy",
              "string",
              "What happens to dependents: Orphan, Background or Foreground."));

  static final List<Parameter> LIST =
      List.of(
          query("allowWatchBookmarks", "boolean", "Whether a watch may send bookmarks."),
          query("continue", "string", "The token that the previous page of this list came with."),
          query("fieldSelector", "string", "Restricts the list by fields."),
          query("labelSelector", "string", "Restricts the list by labels."),
          query("limit", "integer", "The maximum number of items in one response."),
          query("resourceVersion", "string", "The version the list must at least be of."),
          query(
              "resourceVersionMatch",
              "string",
              "How resourceVersion is meant: Exact or NotOlderThan."),
          query(
              "sendInitialEvents",
              "boolean",
              "Whether a watch begins with the objects that exist already."),
          query("timeoutSeconds", "integer", "How long the call may take."),
          query("watch", "boolean", "Whether to send changes as they happen, after the list."));

  static Parameter query(String name, String type, String description) {
    return new Parameter(name, "query", type, false, description);
  }

  static Parameter path(String name, String description) {
    return new Parameter(name, "path", "string", true, description);
  }

  /** What both versions of OpenAPI say alike. */
  Map<String, Object> base() {
    Map<String, Object> tree = Dialect.tree("name", name, "in", in, "description", description);
    if (required) {
      tree.put("required", true);
    }
    return tree;
  }
}
