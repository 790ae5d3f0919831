package io.kubra.api.structural;

import io.kubra.api.tree.Trees;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node of a structural schema, as a custom resource definition gives it.
 *
 * @param type object, array, string, integer, number, boolean; empty where any is allowed
 * @param defaultValue what is filled in where nothing is said, null for nothing
 * @param additional the schema of values of a map, null if there is none
 * @param additionalAllowed {@code additionalProperties: true}
 * @param listType atomic, set or map; empty if not said
 * @param mapType atomic or granular; empty if not said
 * @param rules {@code x-kubernetes-validations}
 */
public record StructuralSchema(
    String type,
    boolean nullable,
    @Nullable Object defaultValue,
    Map<String, StructuralSchema> properties,
    @Nullable StructuralSchema additional,
    boolean additionalAllowed,
    @Nullable StructuralSchema items,
    boolean preserveUnknownFields,
    boolean embeddedResource,
    boolean intOrString,
    String listType,
    List<String> listMapKeys,
    String mapType,
    List<ValidationRule> rules,
    Constraints constraints) {

  /** A rule of {@code x-kubernetes-validations}; texts that are not given are empty. */
  public record ValidationRule(
      String rule,
      String message,
      String messageExpression,
      String reason,
      String fieldPath,
      @Nullable Boolean optionalOldSelf) {}

  /** Reads a schema; what has the wrong type is taken as absent. */
  public static StructuralSchema parse(@Nullable Map<String, Object> tree) {
    return new SchemaParser().parse(tree == null ? Map.of() : tree);
  }

  /** The format of a string or number, empty if none is said. */
  public String format() {
    return constraints.format();
  }

  /** How many items a list may have, null for any number. */
  public @Nullable Long maxItems() {
    return constraints.maxItems();
  }

  /** How many entries a map may have, null for any number. */
  public @Nullable Long maxProperties() {
    return constraints.maxProperties();
  }

  /** How many characters a text may have, null for any number. */
  public @Nullable Long maxLength() {
    return constraints.maxLength();
  }

  /** The values of an enum, null if any is allowed. */
  public @Nullable List<Object> allowed() {
    return constraints.allowed();
  }

  /** The properties that must be there. */
  public List<String> required() {
    return constraints.required();
  }

  /** Whether any value below would be filled in. */
  public boolean hasDefaults() {
    if (defaultValue != null
        || (items != null && items.hasDefaults())
        || (additional != null && additional.hasDefaults())) {
      return true;
    }
    for (StructuralSchema property : properties.values()) {
      if (property.hasDefaults()) {
        return true;
      }
    }
    return false;
  }

  /** The schema of a field: a property, or the value of a map; null if nothing is known of it. */
  public @Nullable StructuralSchema below(String name) {
    StructuralSchema property = properties.get(name);
    return property != null ? property : additional;
  }

  /** Fills in defaults and takes out nulls that are not allowed, in place. */
  public void applyDefaults(Map<String, Object> object) {
    for (Map.Entry<String, StructuralSchema> e : properties.entrySet()) {
      String name = e.getKey();
      StructuralSchema property = e.getValue();
      Object value = object.get(name);
      boolean forbiddenNull = value == null && object.containsKey(name) && !property.nullable;
      Object filler = property.defaultValue;
      if (filler != null && (forbiddenNull || !object.containsKey(name))) {
        value = Trees.deepCopy(filler);
        object.put(name, value);
      } else if (forbiddenNull) {
        object.remove(name);
      }
      property.descend(value);
    }
    StructuralSchema values = additional;
    if (values != null) {
      for (Map.Entry<String, Object> e : object.entrySet()) {
        if (!properties.containsKey(e.getKey())) {
          Object value = e.getValue();
          Object filler = values.defaultValue;
          if (value == null && !values.nullable && filler != null) {
            value = Trees.deepCopy(filler);
            e.setValue(value);
          }
          values.descend(value);
        }
      }
    }
  }

  @SuppressWarnings("unchecked")
  private void descend(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      applyDefaults((Map<String, Object>) map);
    } else if (value instanceof List<?> list && items != null) {
      List<Object> all = (List<Object>) list;
      for (int i = 0; i < all.size(); i++) {
        Object filler = items.defaultValue;
        if (all.get(i) == null && !items.nullable && filler != null) {
          all.set(i, Trees.deepCopy(filler));
        }
        items.descend(all.get(i));
      }
    }
  }

  /**
   * The properties with those of a resource: apiVersion, kind and metadata, which are not given.
   */
  Map<String, StructuralSchema> withoutTypeMeta() {
    Map<String, StructuralSchema> rest = new LinkedHashMap<>(properties);
    rest.remove("apiVersion");
    rest.remove("kind");
    rest.remove("metadata");
    return rest;
  }
}
