package io.kubra.api.validation;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rules of object metadata that hold for all kinds. */
public final class ObjectMetaRules {
  /** The most bytes of all annotations together. */
  public static final int MAX_ANNOTATION_BYTES = 256 * 1024;

  /** What is said of a finalizer without a slash that is none of the known ones. */
  public static final String UNQUALIFIED_FINALIZER =
      "name is neither a standard finalizer name nor is it fully qualified";

  private static final Set<String> STANDARD_FINALIZERS =
      Set.of("kubernetes", "orphan", "foregroundDeletion");

  private ObjectMetaRules() {}

  /**
   * Checks the metadata of an object.
   *
   * @param nameCheck answers what is wrong with a name, as {@link Names} does
   */
  public static List<FieldError> validate(
      Map<String, Object> metadata,
      boolean namespaced,
      Function<String, List<String>> nameCheck,
      FieldPath path) {
    List<FieldError> errors = new ArrayList<>();
    String generateName = Trees.stringOr(metadata, "", "generateName");
    if (!generateName.isEmpty()) {
      for (String problem : nameCheck.apply(maskTrailingDash(generateName))) {
        errors.add(FieldError.invalid(path.child("generateName"), generateName, problem));
      }
    }
    String name = Trees.stringOr(metadata, "", "name");
    if (name.isEmpty()) {
      errors.add(FieldError.required(path.child("name"), "name or generateName is required"));
    } else {
      for (String problem : nameCheck.apply(name)) {
        errors.add(FieldError.invalid(path.child("name"), name, problem));
      }
    }
    namespace(metadata, namespaced, path.child("namespace"), errors);
    errors.addAll(parts(metadata, path));
    return errors;
  }

  /** Checks what has no connection with the name: labels, annotations, owners, finalizers. */
  public static List<FieldError> parts(Map<String, Object> metadata, FieldPath path) {
    List<FieldError> errors = new ArrayList<>();
    Long generation = Trees.integer(metadata, "generation");
    if (generation != null && generation < 0) {
      errors.add(
          FieldError.invalid(
              path.child("generation"), generation, "must be greater than or equal to 0"));
    }
    errors.addAll(labels(Trees.map(metadata, "labels"), path.child("labels")));
    errors.addAll(annotations(Trees.map(metadata, "annotations"), path.child("annotations")));
    if (metadata.get("ownerReferences") instanceof List<?> owners) {
      errors.addAll(OwnerReferenceRules.validate(owners, path.child("ownerReferences")));
    }
    errors.addAll(finalizers(Trees.strings(metadata, "finalizers"), path.child("finalizers")));
    return errors;
  }

  private static void namespace(
      Map<String, Object> metadata, boolean namespaced, FieldPath path, List<FieldError> errors) {
    String namespace = Trees.stringOr(metadata, "", "namespace");
    if (!namespaced) {
      if (!namespace.isEmpty()) {
        errors.add(FieldError.forbidden(path, "not allowed on this type"));
      }
    } else if (namespace.isEmpty()) {
      errors.add(FieldError.required(path, ""));
    } else {
      for (String problem : Names.dns1123Label(namespace)) {
        errors.add(FieldError.invalid(path, namespace, problem));
      }
    }
  }

  /** A suffix follows a generated name's base, so a dash at its end is no fault. */
  static String maskTrailingDash(String base) {
    return base.length() > 1 && base.endsWith("-")
        ? base.substring(0, base.length() - 2) + "a"
        : base;
  }

  /** Checks labels. */
  public static List<FieldError> labels(@Nullable Map<String, Object> labels, FieldPath path) {
    if (labels == null || labels.isEmpty()) {
      return List.of();
    }
    List<FieldError> errors = new ArrayList<>();
    labels.forEach(
        (key, value) -> {
          for (String problem : Names.qualifiedName(key)) {
            errors.add(FieldError.invalid(path, key, problem));
          }
          String text = String.valueOf(value);
          for (String problem : Names.labelValue(text)) {
            errors.add(FieldError.invalid(path, text, problem));
          }
        });
    return errors;
  }

  /** Checks the keys and the total size of annotations. */
  public static List<FieldError> annotations(
      @Nullable Map<String, Object> annotations, FieldPath path) {
    if (annotations == null || annotations.isEmpty()) {
      return List.of();
    }
    List<FieldError> errors = new ArrayList<>();
    long size = 0;
    for (Map.Entry<String, Object> e : annotations.entrySet()) {
      for (String problem : Names.qualifiedName(e.getKey().toLowerCase(Locale.ROOT))) {
        errors.add(FieldError.invalid(path, e.getKey(), problem));
      }
      size += bytes(e.getKey()) + bytes(String.valueOf(e.getValue()));
    }
    if (size > MAX_ANNOTATION_BYTES) {
      errors.add(FieldError.tooLong(path, "", MAX_ANNOTATION_BYTES));
    }
    return errors;
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Checks finalizers. */
  public static List<FieldError> finalizers(List<String> finalizers, FieldPath path) {
    List<FieldError> errors = new ArrayList<>();
    for (String finalizer : finalizers) {
      List<String> problems = Names.qualifiedName(finalizer);
      for (String problem : problems) {
        errors.add(FieldError.invalid(path, finalizer, problem));
      }
      if (finalizer.indexOf('/') < 0 && !STANDARD_FINALIZERS.contains(finalizer)) {
        errors.add(FieldError.invalid(path, finalizer, UNQUALIFIED_FINALIZER));
      }
    }
    if (finalizers.contains("orphan") && finalizers.contains("foregroundDeletion")) {
      errors.add(
          FieldError.invalid(
              path, finalizers, "finalizer foregroundDeletion and orphan cannot be both set"));
    }
    return errors;
  }

  /** Checks a change of metadata: what may never change, and finalizers of a dying object. */
  public static List<FieldError> validateUpdate(
      Map<String, Object> metadata, Map<String, Object> old, FieldPath path) {
    List<FieldError> errors = new ArrayList<>();
    if (old.get("deletionTimestamp") != null) {
      List<String> added = new ArrayList<>(Trees.strings(metadata, "finalizers"));
      added.removeAll(Trees.strings(old, "finalizers"));
      if (!added.isEmpty()) {
        errors.add(
            FieldError.forbidden(
                path.child("finalizers"),
                "no new finalizers can be added if the object is being deleted, found new"
                    + " finalizers "
                    + goStrings(added)));
      }
    }
    long before = Trees.integerOr(old, 0, "generation");
    long after = Trees.integerOr(metadata, 0, "generation");
    if (after < before) {
      errors.add(FieldError.invalid(path.child("generation"), after, "must not be decremented"));
    }
    for (String field :
        List.of(
            "name",
            "namespace",
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds")) {
      if (!Objects.equals(value(metadata, field), value(old, field))) {
        errors.add(
            FieldError.invalid(path.child(field), metadata.get(field), "field is immutable"));
      }
    }
    errors.addAll(parts(metadata, path));
    return errors;
  }

  private static @Nullable Object value(Map<String, Object> metadata, String field) {
    Object value = metadata.get(field);
    return "".equals(value) ? null : value;
  }

  private static String goStrings(List<String> strings) {
    StringBuilder text = new StringBuilder("[]string{");
    for (int i = 0; i < strings.size(); i++) {
      text.append(i == 0 ? "" : ", ").append(FieldError.quote(strings.get(i)));
    }
    return text.append('}').toString();
  }
}
