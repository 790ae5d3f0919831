package io.kubra.api.validation;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;

/** The rules of owner references. */
final class OwnerReferenceRules {
  private OwnerReferenceRules() {}

  static List<FieldError> validate(List<?> owners, FieldPath path) {
    List<FieldError> errors = new ArrayList<>();
    String controller = null;
    for (Object owner : owners) {
      one(owner, path, errors);
      if (Trees.bool(owner, "controller")) {
        String name = Trees.stringOr(owner, "", "name");
        if (controller != null) {
          errors.add(
              FieldError.invalid(
                  path,
                  owners,
                  "Only one reference can have Controller set to true. Found \"true\" in references"
                      + " for "
                      + controller
                      + " and "
                      + name));
        } else {
          controller = name;
        }
      }
    }
    return errors;
  }

  private static void one(Object owner, FieldPath path, List<FieldError> errors) {
    String apiVersion = Trees.stringOr(owner, "", "apiVersion");
    String version = apiVersion.substring(apiVersion.lastIndexOf('/') + 1);
    String kind = Trees.stringOr(owner, "", "kind");
    if (version.isEmpty()) {
      errors.add(
          FieldError.invalid(path.child("apiVersion"), apiVersion, "version must not be empty"));
    }
    for (String field : List.of("kind", "name", "uid")) {
      if (Trees.stringOr(owner, "", field).isEmpty()) {
        errors.add(FieldError.invalid(path.child(field), "", "must not be empty"));
      }
    }
    if (apiVersion.equals("v1") && kind.equals("Event")) {
      errors.add(
          FieldError.invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner"));
    }
  }
}
