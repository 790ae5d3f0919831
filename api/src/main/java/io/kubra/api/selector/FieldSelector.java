package io.kubra.api.selector;

import io.kubra.api.status.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A selection by fields, such as {@code spec.nodeName=n1,status.phase!=Running}. Immutable. */
public final class FieldSelector {
  /** Selects everything. */
  public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

  /** Whether a field must have a value or must not. */
  public enum Operator {
    EQUALS,
    NOT_EQUALS
  }

  /** One condition. */
  public record Requirement(String field, Operator op, String value) {
    @Override
    public String toString() {
      return field + (op == Operator.EQUALS ? "=" : "!=") + escape(value);
    }
  }

  private final List<Requirement> requirements;

  private FieldSelector(List<Requirement> requirements) {
    this.requirements = requirements;
  }

  /**
   * Reads a query; values may escape {@code \}, {@code ,} and {@code =} with a backslash.
   *
   * @throws ApiException 400 with the reference's message
   */
  public static FieldSelector parse(String query) {
    List<Requirement> all = new ArrayList<>();
    for (String term : terms(query)) {
      if (!term.isEmpty()) {
        all.add(requirement(query, term));
      }
    }
    return all.isEmpty() ? EVERYTHING : new FieldSelector(List.copyOf(all));
  }

  private static List<String> terms(String query) {
    List<String> terms = new ArrayList<>();
    int start = 0;
    boolean escaped = false;
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      if (escaped) {
        escaped = false;
      } else if (c == '\\') {
        escaped = true;
      } else if (c == ',') {
        terms.add(query.substring(start, i));
        start = i + 1;
      }
    }
    terms.add(query.substring(start));
    return terms;
  }

  private static Requirement requirement(String query, String term) {
    for (int i = 0; i < term.length(); i++) {
      String rest = term.substring(i, Math.min(i + 2, term.length()));
      if (rest.equals("!=")) {
        return of(term, i, i + 2, Operator.NOT_EQUALS);
      }
      if (rest.startsWith("=")) {
        return of(term, i, i + (rest.equals("==") ? 2 : 1), Operator.EQUALS);
      }
    }
    throw ApiException.badRequest(
        "invalid selector: '" + query + "'; can't understand '" + term + "'");
  }

  private static Requirement of(String term, int end, int value, Operator op) {
    return new Requirement(term.substring(0, end), op, unescape(term.substring(value)));
  }

  private static String unescape(String value) {
    if (value.indexOf('\\') < 0 && value.indexOf('=') < 0) {
      return value;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\') {
        String next = i + 1 < value.length() ? value.substring(i + 1, i + 2) : "";
        if (next.isEmpty() || "\\,=".indexOf(next.charAt(0)) < 0) {
          throw ApiException.badRequest(
              "invalid field selector: invalid escape sequence: \\" + next);
        }
        text.append(next);
        i++;
      } else if (c == '=' || c == ',') {
        throw ApiException.badRequest(
            "invalid field selector: unescaped character in value: " + (int) c);
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
  }

  /** Whether an object is selected whose fields the function answers; null counts as empty. */
  public boolean matches(Function<String, @Nullable String> fields) {
    for (Requirement r : requirements) {
      String actual = fields.apply(r.field());
      boolean same = r.value().equals(actual == null ? "" : actual);
      if (same != (r.op() == Operator.EQUALS)) {
        return false;
      }
    }
    return true;
  }

  /** The conditions in the order of the query. */
  public List<Requirement> requirements() {
    return requirements;
  }

  /** Whether it selects everything. */
  public boolean everything() {
    return requirements.isEmpty();
  }

  /** The value that the field must have, or null if the selector leaves it open. */
  public @Nullable String exact(String field) {
    for (Requirement r : requirements) {
      if (r.op() == Operator.EQUALS && r.field().equals(field)) {
        return r.value();
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
  }
}
