package io.kubra.apiserver.rest;

import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.apiserver.request.QueryParameters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of list, watch and deletecollection.
 *
 * @param resourceVersion empty, or a number
 * @param sendInitialEvents null if not said
 */
record ListOptions(
    String labelSelector,
    String fieldSelector,
    String resourceVersion,
    VersionMatch match,
    long limit,
    String continueToken,
    long timeoutSeconds,
    boolean allowBookmarks,
    @Nullable Boolean sendInitialEvents) {

  /** How the resourceVersion is meant. */
  enum VersionMatch {
    UNSET,
    EXACT,
    NOT_OLDER_THAN
  }

  /**
   * Reads and checks the parameters.
   *
   * @throws ApiException 400 or 422 if they contradict each other
   */
  static ListOptions of(QueryParameters q, boolean watch) {
    List<FieldError> errors = new ArrayList<>();
    String matchText = q.get("resourceVersionMatch");
    VersionMatch match =
        switch (matchText) {
          case "" -> VersionMatch.UNSET;
          case "Exact" -> VersionMatch.EXACT;
          case "NotOlderThan" -> VersionMatch.NOT_OLDER_THAN;
          default -> {
            errors.add(
                FieldError.notSupported(
                    "resourceVersionMatch", matchText, List.of("Exact", "NotOlderThan", "")));
            yield VersionMatch.UNSET;
          }
        };
    Boolean initial = q.has("sendInitialEvents") ? q.flag("sendInitialEvents") : null;
    ListOptions options =
        new ListOptions(
            q.get("labelSelector"),
            q.get("fieldSelector"),
            q.get("resourceVersion"),
            match,
            Math.max(0, q.number("limit", 0)),
            q.get("continue"),
            q.number("timeoutSeconds", 0),
            q.flag("allowWatchBookmarks"),
            initial);
    if (errors.isEmpty()) {
      errors.addAll(watch ? options.watchErrors() : options.listErrors());
    }
    if (!errors.isEmpty()) {
      throw ApiException.invalid("meta.k8s.io", "ListOptions", "", errors);
    }
    return options;
  }

  private List<FieldError> watchErrors() {
    List<FieldError> errors = new ArrayList<>();
    if (sendInitialEvents == null) {
      if (match != VersionMatch.UNSET) {
        errors.add(
            FieldError.forbidden(
                "resourceVersionMatch",
                "resourceVersionMatch is forbidden for watch unless sendInitialEvents is"
                    + " provided"));
      }
      return errors;
    }
    if (match != VersionMatch.NOT_OLDER_THAN) {
      errors.add(
          FieldError.forbidden(
              "resourceVersionMatch",
              "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
    }
    return errors;
  }

  private List<FieldError> listErrors() {
    List<FieldError> errors = new ArrayList<>();
    if (sendInitialEvents != null) {
      errors.add(
          FieldError.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
    }
    if (match == VersionMatch.UNSET) {
      return errors;
    }
    if (resourceVersion.isEmpty()) {
      errors.add(
          FieldError.forbidden(
              "resourceVersionMatch",
              "resourceVersionMatch is forbidden unless resourceVersion is provided"));
    }
    if (!continueToken.isEmpty()) {
      errors.add(
          FieldError.forbidden(
              "resourceVersionMatch",
              "resourceVersionMatch is forbidden when continue is provided"));
    }
    if (match == VersionMatch.EXACT && resourceVersion.equals("0")) {
      errors.add(
          FieldError.forbidden(
              "resourceVersionMatch",
              "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
    }
    return errors;
  }

  /** The same options for one name only, if that is not empty. */
  ListOptions named(String name) {
    if (name.isEmpty()) {
      return this;
    }
    String selector = "metadata.name=" + name;
    return new ListOptions(
        labelSelector,
        fieldSelector.isEmpty() ? selector : fieldSelector + "," + selector,
        resourceVersion,
        match,
        limit,
        continueToken,
        timeoutSeconds,
        allowBookmarks,
        sendInitialEvents);
  }

  /** The resourceVersion as a number; 0 if empty. */
  long revision() {
    return parseRevision(resourceVersion);
  }

  /**
   * Parses a resourceVersion; empty is 0.
   *
   * @throws ApiException 400 if it is no number
   */
  static long parseRevision(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    try {
      long revision = Long.parseUnsignedLong(text);
      if (revision >= 0) {
        return revision;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw ApiException.invalid(
        "",
        "",
        "",
        List.of(
            FieldError.invalid(
                "resourceVersion",
                text,
                "strconv.ParseUint: parsing \"" + text + "\": invalid syntax")));
  }
}
