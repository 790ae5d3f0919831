package io.kubra.apiserver.rules.declared;

import io.kubra.api.status.FieldError;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.NameFormat;
import io.kubra.store.Durability;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Rules put together from declarations; configured once, then used by many threads. */
final class DeclaredRules implements KindRules {
  private NameFormat names = NameFormat.DNS_SUBDOMAIN;
  private boolean generation;
  private boolean createOnUpdate;
  private boolean unconditionalUpdate = true;
  private Durability durability = Durability.DURABLE;
  private final Map<String, String[]> selectable = new LinkedHashMap<>();
  private final List<Consumer<Map<String, Object>>> defaults = new ArrayList<>();
  private final List<Function<Map<String, Object>, List<FieldError>>> checks = new ArrayList<>();
  private final List<String[]> immutable = new ArrayList<>();

  DeclaredRules names(NameFormat format) {
    names = format;
    return this;
  }

  /** metadata.generation counts the changes of the spec. */
  DeclaredRules generation() {
    generation = true;
    return this;
  }

  DeclaredRules createOnUpdate() {
    createOnUpdate = true;
    return this;
  }

  /** A PUT must name the resourceVersion it replaces. */
  DeclaredRules conditionalUpdate() {
    unconditionalUpdate = false;
    return this;
  }

  /** Writes may be acknowledged before they are on disk. */
  DeclaredRules buffered() {
    durability = Durability.BUFFERED;
    return this;
  }

  /** A field that field selectors may name. */
  DeclaredRules selectable(String field) {
    selectable.put(field, field.split("\\."));
    return this;
  }

  DeclaredRules defaults(Consumer<Map<String, Object>> fill) {
    defaults.add(fill);
    return this;
  }

  DeclaredRules check(Function<Map<String, Object>, List<FieldError>> check) {
    checks.add(check);
    return this;
  }

  /** A field that must be there and not be empty. */
  DeclaredRules required(String field) {
    String[] path = field.split("\\.");
    return check(
        object -> {
          Object value = Trees.get(object, path);
          boolean empty =
              value == null
                  || "".equals(value)
                  || (value instanceof List<?> list && list.isEmpty());
          return empty ? List.of(FieldError.required(field, "")) : List.of();
        });
  }

  /** A field that has one of a closed set of values, if it is there. */
  DeclaredRules oneOf(String field, String... values) {
    String[] path = field.split("\\.");
    List<String> valid = List.of(values);
    return check(
        object -> {
          String value = Trees.string(object, path);
          return value == null || valid.contains(value)
              ? List.of()
              : List.of(FieldError.notSupported(field, value, valid));
        });
  }

  /** A field that cannot change once it is set. */
  DeclaredRules immutable(String field) {
    immutable.add(field.split("\\."));
    return this;
  }

  @Override
  public void applyDefaults(Map<String, Object> object) {
    defaults.forEach(fill -> fill.accept(object));
  }

  @Override
  public List<FieldError> validate(Map<String, Object> object) {
    List<FieldError> errors = new ArrayList<>();
    checks.forEach(check -> errors.addAll(check.apply(object)));
    return errors;
  }

  @Override
  public List<FieldError> validateUpdate(Map<String, Object> object, Map<String, Object> old) {
    List<FieldError> errors = new ArrayList<>(validate(object));
    for (String[] path : immutable) {
      Object value = Trees.get(object, path);
      if (!Trees.equal(value, Trees.get(old, path))) {
        errors.add(FieldError.invalid(String.join(".", path), value, "field is immutable"));
      }
    }
    return errors;
  }

  @Override
  public NameFormat nameFormat() {
    return names;
  }

  @Override
  public Map<String, String> selectableFields(Map<String, Object> object) {
    if (selectable.isEmpty()) {
      return Map.of();
    }
    Map<String, String> values = new LinkedHashMap<>();
    selectable.forEach(
        (field, path) -> {
          Object value = Trees.get(object, path);
          values.put(field, value == null ? "" : String.valueOf(value));
        });
    return values;
  }

  @Override
  public Set<String> selectableFieldNames() {
    return selectable.keySet();
  }

  @Override
  public boolean generationTracked() {
    return generation;
  }

  @Override
  public Durability durability() {
    return durability;
  }

  @Override
  public boolean allowCreateOnUpdate() {
    return createOnUpdate;
  }

  @Override
  public boolean allowUnconditionalUpdate() {
    return unconditionalUpdate;
  }
}
