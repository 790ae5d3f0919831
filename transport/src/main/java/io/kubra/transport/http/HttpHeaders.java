package io.kubra.transport.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Header fields in the order they were added; names compare without regard to case. Mutable, not
 * thread-safe. A message has a dozen fields at most, so a flat list searched from the front beats a
 * hash table.
 */
public final class HttpHeaders {
  private final ArrayList<String> flat;

  /** No fields. */
  public HttpHeaders() {
    flat = new ArrayList<>(16);
  }

  private HttpHeaders(List<String> content) {
    flat = new ArrayList<>(content);
  }

  /** Fields from names and values, alternating. */
  public static HttpHeaders of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a header name without a value");
    }
    return new HttpHeaders(List.of(namesAndValues));
  }

  /** Adds a field, keeping others of the same name. */
  public HttpHeaders add(String name, String value) {
    flat.add(name);
    flat.add(value);
    return this;
  }

  /** Sets a field, replacing others of the same name. */
  public HttpHeaders set(String name, String value) {
    remove(name);
    return add(name, value);
  }

  /** Removes every field of this name. */
  public HttpHeaders remove(String name) {
    for (int i = flat.size() - 2; i >= 0; i -= 2) {
      if (flat.get(i).equalsIgnoreCase(name)) {
        flat.remove(i + 1);
        flat.remove(i);
      }
    }
    return this;
  }

  /** The first value of a field; null when it is absent. */
  public @Nullable String get(String name) {
    for (int i = 0; i < flat.size(); i += 2) {
      if (flat.get(i).equalsIgnoreCase(name)) {
        return flat.get(i + 1);
      }
    }
    return null;
  }

  /** The first value of a field, or {@code otherwise} when it is absent. */
  public String getOr(String name, String otherwise) {
    String value = get(name);
    return value == null ? otherwise : value;
  }

  /** All values of a field, in order. */
  public List<String> all(String name) {
    List<String> values = new ArrayList<>(2);
    for (int i = 0; i < flat.size(); i += 2) {
      if (flat.get(i).equalsIgnoreCase(name)) {
        values.add(flat.get(i + 1));
      }
    }
    return values;
  }

  /** All comma-separated elements of a field, trimmed, without empty ones. */
  public List<String> tokens(String name) {
    List<String> tokens = new ArrayList<>(4);
    for (String value : all(name)) {
      for (String token : value.split(",")) {
        if (!token.isBlank()) {
          tokens.add(token.strip());
        }
      }
    }
    return tokens;
  }

  /** Whether one comma-separated element of a field equals {@code token}, without case. */
  public boolean hasToken(String name, String token) {
    for (String element : tokens(name)) {
      if (element.equalsIgnoreCase(token)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a field is there. */
  public boolean contains(String name) {
    return get(name) != null;
  }

  /** The distinct names, in lower case, in order of first appearance. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < flat.size(); i += 2) {
      names.add(flat.get(i).toLowerCase(Locale.ROOT));
    }
    return names;
  }

  /** Calls {@code visitor} with each name and value, in order. */
  public void forEach(BiConsumer<String, String> visitor) {
    for (int i = 0; i < flat.size(); i += 2) {
      visitor.accept(flat.get(i), flat.get(i + 1));
    }
  }

  /** Whether there are no fields. */
  public boolean isEmpty() {
    return flat.isEmpty();
  }

  /** The number of fields, repeated names counted each time. */
  public int size() {
    return flat.size() / 2;
  }

  /** An independent copy. */
  public HttpHeaders copy() {
    return new HttpHeaders(flat);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }
}
