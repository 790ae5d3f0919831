package io.kubra.apiserver.encoding;

import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import java.util.List;

/** What happens to unknown and duplicate fields in a body. */
public enum FieldValidation {
  IGNORE,
  WARN,
  STRICT;

  /**
   * Reads the query parameter; absent means WARN.
   *
   * @throws ApiException 422 for anything unknown
   */
  public static FieldValidation of(String parameter) {
    return switch (parameter) {
      case "", "Warn" -> WARN;
      case "Strict" -> STRICT;
      case "Ignore" -> IGNORE;
      default ->
          throw ApiException.invalid(
              "meta.k8s.io",
              "CreateOptions",
              "",
              List.of(
                  FieldError.notSupported(
                      "fieldValidation", parameter, List.of("Ignore", "Strict", "Warn"))));
    };
  }
}
