package io.kubra.api.selector;

import io.kubra.api.status.ApiException;
import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A selection by labels: all requirements must hold. Immutable. */
public final class LabelSelector {
  /** Selects everything. */
  public static final LabelSelector EVERYTHING = new LabelSelector(List.of(), false);

  /** Selects nothing. */
  public static final LabelSelector NOTHING = new LabelSelector(List.of(), true);

  /** A lookup of labels. */
  interface Labels {
    @Nullable String get(String key);
  }

  private final List<Requirement> requirements;
  private final boolean nothing;

  private LabelSelector(List<Requirement> requirements, boolean nothing) {
    this.requirements = requirements;
    this.nothing = nothing;
  }

  static LabelSelector of(List<Requirement> requirements) {
    if (requirements.isEmpty()) {
      return EVERYTHING;
    }
    List<Requirement> sorted = new ArrayList<>(requirements);
    sorted.sort(Comparator.comparing(Requirement::key));
    return new LabelSelector(List.copyOf(sorted), false);
  }

  /**
   * Reads the query form, such as {@code app=web,tier notin (db,cache),!canary}.
   *
   * @throws ApiException 400 with the reference's message
   */
  public static LabelSelector parse(String query) {
    return query.isBlank() ? EVERYTHING : new LabelSelectorParser(query).parse();
  }

  /**
   * Of the object form ({@code matchLabels}, {@code matchExpressions}); null selects nothing, an
   * empty object everything.
   *
   * @throws ApiException 400 if it is not valid
   */
  public static LabelSelector fromTree(@Nullable Map<String, Object> selector) {
    if (selector == null) {
      return NOTHING;
    }
    List<Requirement> all = new ArrayList<>();
    Map<String, Object> labels = Trees.map(selector, "matchLabels");
    if (labels != null) {
      labels.forEach(
          (key, value) ->
              all.add(
                  requirement(key, Requirement.Operator.EQUALS, List.of(String.valueOf(value)))));
    }
    for (Object expression : Trees.list(selector, "matchExpressions")) {
      String operator = Trees.stringOr(expression, "", "operator");
      Requirement.Operator op =
          switch (operator) {
            case "In" -> Requirement.Operator.IN;
            case "NotIn" -> Requirement.Operator.NOT_IN;
            case "Exists" -> Requirement.Operator.EXISTS;
            case "DoesNotExist" -> Requirement.Operator.DOES_NOT_EXIST;
            default ->
                throw ApiException.badRequest(
                    FieldError.quote(operator) + " is not a valid label selector operator");
          };
      all.add(
          requirement(
              Trees.stringOr(expression, "", "key"), op, Trees.strings(expression, "values")));
    }
    return of(all);
  }

  /**
   * Of a plain set of labels, as in {@code spec.selector} of a Service; empty selects everything.
   */
  public static LabelSelector fromLabels(@Nullable Map<String, Object> labels) {
    List<Requirement> all = new ArrayList<>();
    if (labels != null) {
      labels.forEach(
          (k, v) ->
              all.add(new Requirement(k, Requirement.Operator.EQUALS, List.of(String.valueOf(v)))));
    }
    return of(all);
  }

  /** Whether it selects an object with these labels (strings by string; null is no labels). */
  public boolean matches(@Nullable Map<String, ?> labels) {
    if (nothing) {
      return false;
    }
    for (Requirement requirement : requirements) {
      if (!requirement.matches(key -> labels == null ? null : text(labels.get(key)))) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  /** Whether it selects everything. */
  public boolean everything() {
    return !nothing && requirements.isEmpty();
  }

  /** Whether it selects nothing. */
  public boolean nothing() {
    return nothing;
  }

  /** The conditions, by key. */
  public List<Requirement> requirements() {
    return requirements;
  }

  /** The query form. */
  @Override
  public String toString() {
    return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
  }

  /** A checked requirement. */
  static Requirement requirement(String key, Requirement.Operator operator, List<String> values) {
    List<FieldError> errors = new ArrayList<>();
    for (String problem : Names.qualifiedName(key)) {
      errors.add(FieldError.invalid("key", key, problem));
    }
    checkCount(operator, values, errors);
    for (int i = 0; i < values.size(); i++) {
      for (String problem : Names.labelValue(values.get(i))) {
        errors.add(FieldError.invalid("values[" + i + "][" + key + "]", values.get(i), problem));
      }
    }
    if (!errors.isEmpty()) {
      String text =
          errors.size() == 1
              ? errors.getFirst().message()
              : errors.stream()
                  .map(FieldError::message)
                  .collect(Collectors.joining(", ", "[", "]"));
      throw ApiException.badRequest(text);
    }
    return new Requirement(key, operator, List.copyOf(new TreeSet<>(values)));
  }

  private static void checkCount(
      Requirement.Operator operator, List<String> values, List<FieldError> errors) {
    switch (operator) {
      case IN, NOT_IN -> {
        if (values.isEmpty()) {
          errors.add(
              FieldError.invalid(
                  "values", values, "for 'in', 'notin' operators, values set can't be empty"));
        }
      }
      case EQUALS, NOT_EQUALS -> {
        if (values.size() != 1) {
          errors.add(
              FieldError.invalid(
                  "values", values, "exact-match compatibility requires one single value"));
        }
      }
      case EXISTS, DOES_NOT_EXIST -> {
        if (!values.isEmpty()) {
          errors.add(
              FieldError.invalid(
                  "values", values, "values set must be empty for exists and does not exist"));
        }
      }
      case GREATER_THAN, LESS_THAN -> {
        if (values.size() != 1) {
          errors.add(
              FieldError.invalid(
                  "values", values, "for 'Gt', 'Lt' operators, exactly one value is required"));
        }
        for (int i = 0; i < values.size(); i++) {
          if (!values.get(i).matches("[+-]?[0-9]{1,18}")) {
            errors.add(
                FieldError.invalid(
                    "values[" + i + "]",
                    values.get(i),
                    "for 'Gt', 'Lt' operators, the value must be an integer"));
          }
        }
      }
    }
  }
}
