package io.kubra.apiserver.jwt;

import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import io.kubra.apiserver.cel.Budget;
import io.kubra.apiserver.cel.CelException;
import io.kubra.apiserver.cel.Environment;
import io.kubra.apiserver.cel.Expression;
import io.kubra.apiserver.cel.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Expressions over a token's claims, or over the user that came of them. */
final class Expressions {
  /** The variable of claim rules and mappings. */
  static final String CLAIMS = "claims";

  /** The variable of user rules. */
  static final String USER = "user";

  private static final MapType ANYTHING = MapType.create(SimpleType.STRING, SimpleType.DYN);

  private Expressions() {}

  /**
   * Compiles an expression over one variable.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  static Expression compile(String path, String variable, String text) {
    try {
      return Expression.compile(Environment.builder().variable(variable, ANYTHING).build(), text);
    } catch (CelException e) {
      throw Issuer.wrong(path, "compilation failed: " + e.message());
    }
  }

  /**
   * Evaluates an expression over a tree.
   *
   * @throws CelException if the tree does not fit it
   */
  static Object evaluate(Expression expression, String variable, Map<String, Object> tree) {
    Object value = Values.of(tree);
    return expression.evaluate(name -> name.equals(variable) ? value : null, Budget.forRequest());
  }

  /** A string, or a list of strings; anything else is nothing. */
  static List<String> strings(Object result) {
    List<String> all = new ArrayList<>();
    if (result instanceof String text) {
      if (!text.isEmpty()) {
        all.add(text);
      }
    } else if (result instanceof Iterable<?> list) {
      for (Object each : list) {
        if (each instanceof String text && !text.isEmpty()) {
          all.add(text);
        }
      }
    }
    return all;
  }
}
