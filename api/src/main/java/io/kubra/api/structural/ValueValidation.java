package io.kubra.api.structural;

import io.kubra.api.json.Json;
import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Validates values against a structural schema, with the texts of the reference. */
public final class ValueValidation {
  private final List<FieldError> errors = new ArrayList<>();

  private ValueValidation() {}

  /** What is wrong with a custom resource, besides its metadata. */
  public static List<FieldError> validate(StructuralSchema schema, Map<String, Object> object) {
    return validateUpdate(schema, object, null);
  }

  /** As {@link #validate}, but values that an update leaves as they were are not looked at. */
  public static List<FieldError> validateUpdate(
      StructuralSchema schema, Map<String, Object> object, @Nullable Map<String, Object> old) {
    ValueValidation validation = new ValueValidation();
    validation.value(schema, object, old, "");
    ListTypes.check(schema, object, "", validation.errors);
    return validation.errors;
  }

  /** What is wrong with any value; paths begin at the value, which itself has none. */
  public static List<FieldError> validateValue(StructuralSchema schema, @Nullable Object value) {
    return errorsOf(schema, value, "");
  }

  private static List<FieldError> errorsOf(
      StructuralSchema schema, @Nullable Object value, String path) {
    ValueValidation validation = new ValueValidation();
    validation.value(schema, value, null, path);
    return validation.errors;
  }

  private void value(
      StructuralSchema schema, @Nullable Object value, @Nullable Object old, String path) {
    if (old != null && Trees.equal(value, old)) {
      return;
    }
    if (value == null) {
      if (!schema.nullable() && !schema.type().isEmpty()) {
        typeError(path, schema.type(), "null");
      }
      return;
    }
    if (!hasType(schema, value, path)) {
      return;
    }
    Constraints c = schema.constraints();
    enumeration(c, value, path);
    switch (value) {
      case String text -> Scalars.text(c, text, path, errors);
      case Number number -> Scalars.number(c, number, path, errors);
      case List<?> list -> list(schema, list, old, path);
      case Map<?, ?> map -> object(schema, map, old, path);
      default -> {}
    }
    combinations(c, value, path);
  }

  private boolean hasType(StructuralSchema schema, Object value, String path) {
    String found = typeOf(value);
    if (schema.intOrString()) {
      boolean fits = found.equals("integer") || found.equals("string");
      if (!fits) {
        typeError(path, "integer,string", found);
      }
      return fits;
    }
    String wanted = schema.type();
    boolean fits =
        wanted.isEmpty()
            || wanted.equals(found)
            || (wanted.equals("number") && found.equals("integer"));
    if (!fits) {
      typeError(path, wanted, found);
    }
    return fits;
  }

  private static String typeOf(Object value) {
    return switch (value) {
      case String s -> "string";
      case Boolean b -> "boolean";
      case Map<?, ?> m -> "object";
      case List<?> l -> "array";
      case Double d when d == Math.rint(d) && Math.abs(d) < 0x1p63 -> "integer";
      case Double d -> "number";
      default -> "integer";
    };
  }

  private void typeError(String path, String wanted, String found) {
    errors.add(
        FieldError.typeInvalid(
            at(path),
            found,
            path + " in body must be of type " + wanted + ": " + FieldError.quote(found)));
  }

  /** The whole object has no path of its own. */
  static String at(String path) {
    return path.isEmpty() ? "<nil>" : path;
  }

  private void enumeration(Constraints c, Object value, String path) {
    List<Object> allowed = c.allowed();
    if (allowed == null || allowed.stream().anyMatch(a -> Trees.equal(a, value))) {
      return;
    }
    List<String> texts = new ArrayList<>();
    allowed.forEach(a -> texts.add(a instanceof String s ? s : Json.toString(a)));
    errors.add(FieldError.notSupported(at(path), value, texts));
  }

  private void list(StructuralSchema schema, List<?> list, @Nullable Object old, String path) {
    Constraints c = schema.constraints();
    if (c.maxItems() instanceof Long max && list.size() > max) {
      errors.add(FieldError.tooMany(at(path), list.size(), max.intValue()));
    }
    if (c.minItems() instanceof Long min && list.size() < min) {
      invalid(path, list, "should have at least " + min + " items");
    }
    if (c.uniqueItems() && ListTypes.firstDuplicate(list) >= 0) {
      errors.add(FieldError.invalid(at(path), "", path + " in body shouldn't contain duplicates"));
    }
    if (schema.items() instanceof StructuralSchema items) {
      for (int i = 0; i < list.size(); i++) {
        value(
            items,
            list.get(i),
            ListTypes.counterpart(schema, list.get(i), old),
            path + "[" + i + "]");
      }
    }
  }

  private void object(StructuralSchema schema, Map<?, ?> map, @Nullable Object old, String path) {
    Constraints c = schema.constraints();
    if (c.maxProperties() instanceof Long max && map.size() > max) {
      errors.add(FieldError.tooMany(at(path), map.size(), max.intValue()));
    }
    if (c.minProperties() instanceof Long min && map.size() < min) {
      invalid(path, map, "should have at least " + min + " properties");
    }
    for (String name : c.required()) {
      if (!map.containsKey(name)) {
        errors.add(FieldError.required(child(path, name), ""));
      }
    }
    boolean resource = path.isEmpty() || schema.embeddedResource();
    for (Map.Entry<?, ?> e : map.entrySet()) {
      String name = String.valueOf(e.getKey());
      if (resource && name.equals("metadata")) {
        StructuralSchema metadata = schema.properties().get(name);
        if (metadata != null && e.getValue() instanceof Map<?, ?> tree) {
          value(metadata, tree, Trees.get(old, name), child(path, name));
        }
        continue;
      }
      if (schema.below(name) instanceof StructuralSchema below) {
        value(below, e.getValue(), Trees.get(old, name), child(path, name));
      }
    }
    if (schema.embeddedResource()) {
      for (String name : List.of("apiVersion", "kind")) {
        if (Trees.stringOr(map, "", name).isEmpty()) {
          errors.add(FieldError.required(child(path, name), "must not be empty"));
        }
      }
    }
  }

  private void combinations(Constraints c, Object value, String path) {
    String name = "\"" + path + "\"";
    if (!c.anyOf().isEmpty()) {
      Match match = Match.of(c.anyOf(), value, path);
      if (match.count == 0) {
        composite(name + " must validate at least one schema (anyOf)");
        errors.addAll(match.best);
      }
    }
    if (!c.oneOf().isEmpty()) {
      Match match = Match.of(c.oneOf(), value, path);
      if (match.count != 1) {
        String why =
            match.count == 0 ? "Found none valid" : "Found " + match.count + " valid alternatives";
        composite(name + " must validate one and only one schema (oneOf). " + why);
        errors.addAll(match.best);
      }
    }
    if (!c.allOf().isEmpty()) {
      List<FieldError> found = new ArrayList<>();
      c.allOf().forEach(s -> found.addAll(errorsOf(s, value, path)));
      if (!found.isEmpty()) {
        composite(name + " must validate all the schemas (allOf)");
        errors.addAll(found);
      }
    }
    if (c.not() instanceof StructuralSchema not && errorsOf(not, value, path).isEmpty()) {
      composite(name + " must not validate the schema (not)");
    }
  }

  /** How many alternatives a value satisfies, and the errors of the one it comes closest to. */
  private record Match(int count, List<FieldError> best) {
    static Match of(List<StructuralSchema> alternatives, Object value, String path) {
      int count = 0;
      List<FieldError> best = List.of();
      for (StructuralSchema alternative : alternatives) {
        List<FieldError> found = errorsOf(alternative, value, path);
        if (found.isEmpty()) {
          count++;
        } else if (best.isEmpty() || found.size() < best.size()) {
          best = found;
        }
      }
      return new Match(count, count == 0 ? best : List.of());
    }
  }

  private void composite(String text) {
    errors.add(FieldError.invalid("<nil>", "", text));
  }

  private void invalid(String path, Object value, String text) {
    errors.add(FieldError.invalid(at(path), value, path + " in body " + text));
  }

  private static String child(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
