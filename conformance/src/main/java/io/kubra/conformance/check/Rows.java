package io.kubra.conformance.check;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The checks of requirements by key. */
public final class Rows {
  /**
   * A row.
   *
   * @param remedy what to do when it fails
   */
  public record Row(Check check, String remedy) {}

  private final Map<String, Row> rows = new LinkedHashMap<>();

  /** Adds a row; several checks must all hold. */
  public Rows add(String key, String remedy, Check... checks) {
    Check check = checks.length == 1 ? checks[0] : Check.all(checks);
    if (rows.put(key, new Row(check, remedy)) != null) {
      throw new IllegalArgumentException(key + " has two checks");
    }
    return this;
  }

  /** A requirement's row. */
  public Optional<Row> find(String key) {
    return Optional.ofNullable(rows.get(key));
  }

  /** The keys that have rows. */
  public java.util.Set<String> keys() {
    return java.util.Set.copyOf(rows.keySet());
  }
}
