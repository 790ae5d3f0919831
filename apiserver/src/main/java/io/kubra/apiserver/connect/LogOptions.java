package io.kubra.apiserver.connect;

import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.apiserver.request.QueryParameters;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Checks the query of a log request and hands it on to the node. */
final class LogOptions {
  private LogOptions() {}

  static void validate(QueryParameters query) {
    List<FieldError> errors = new ArrayList<>();
    atLeast(query, "tailLines", 0, "must be greater than or equal to 0", errors);
    atLeast(query, "limitBytes", 1, "must be greater than 0", errors);
    atLeast(query, "sinceSeconds", 1, "must be greater than 0", errors);
    if (query.has("sinceSeconds") && query.has("sinceTime")) {
      errors.add(
          FieldError.forbidden(
              "sinceSeconds", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
    }
    if (query.has("sinceTime")) {
      try {
        OffsetDateTime.parse(query.get("sinceTime"));
      } catch (DateTimeParseException e) {
        throw ApiException.badRequest(
            "parsing time \"%s\" as RFC 3339".formatted(query.get("sinceTime")));
      }
    }
    String stream = query.get("stream");
    if (!stream.isEmpty() && !List.of("All", "Stdout", "Stderr").contains(stream)) {
      errors.add(FieldError.notSupported("stream", stream, List.of("All", "Stderr", "Stdout")));
    }
    if (query.has("tailLines") && !stream.isEmpty() && !stream.equals("All")) {
      errors.add(
          FieldError.forbidden(
              "tailLines", "`tailLines` and specific `stream` are mutually exclusive for now"));
    }
    if (!errors.isEmpty()) {
      throw ApiException.invalid("", "PodLogOptions", "", errors);
    }
  }

  private static void atLeast(
      QueryParameters query, String name, long least, String why, List<FieldError> errors) {
    if (query.get(name).isEmpty()) {
      return;
    }
    long value = query.number(name, least);
    if (value < least) {
      errors.add(FieldError.invalid(name, value, why));
    }
  }

  static void pass(QueryParameters query, NodeQuery to) {
    for (String flag : List.of("follow", "previous", "timestamps")) {
      if (query.flag(flag)) {
        to.add(flag, "true");
      }
    }
    for (String value : List.of("sinceSeconds", "sinceTime", "tailLines", "limitBytes", "stream")) {
      if (!query.get(value).isEmpty()) {
        to.add(value, query.get(value));
      }
    }
  }
}
