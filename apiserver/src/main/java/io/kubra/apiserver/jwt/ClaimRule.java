package io.kubra.apiserver.jwt;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.cel.Expression;
import java.util.Map;

/** What must hold of a token's claims. */
sealed interface ClaimRule {
  /**
   * @throws InvalidTokenException if it does not hold
   */
  void check(Map<String, Object> claims);

  /** A claim has a value. */
  record Required(String claim, String value) implements ClaimRule {
    @Override
    public void check(Map<String, Object> claims) {
      if (!(claims.get(claim) instanceof String found && found.equals(value))) {
        throw new InvalidTokenException(
            "validation failed: claim %s is not %s".formatted(claim, value));
      }
    }
  }

  /** An expression over a variable is true. */
  record Expressed(Expression expression, String variable, String message) implements ClaimRule {
    @Override
    public void check(Map<String, Object> tree) {
      if (!Boolean.TRUE.equals(Expressions.evaluate(expression, variable, tree))) {
        throw new InvalidTokenException(
            message.isEmpty()
                ? "validation expression '%s' failed".formatted(expression.text())
                : "validation expression '%s' failed: %s".formatted(expression.text(), message));
      }
    }
  }

  static ClaimRule of(String path, Map<String, Object> tree) {
    String claim = Trees.stringOr(tree, "", "claim");
    if (claim.isEmpty()) {
      return expressed(path, Expressions.CLAIMS, tree);
    }
    if (tree.get("expression") != null) {
      throw Issuer.wrong(path, "claim and expression can't both be set");
    }
    return new Required(claim, Trees.stringOr(tree, "", "requiredValue"));
  }

  static Expressed expressed(String path, String variable, Map<String, Object> tree) {
    String text = Trees.stringOr(tree, "", "expression");
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          path + ".expression: Required value: expression is required");
    }
    return new Expressed(
        Expressions.compile(path + ".expression", variable, text),
        variable,
        Trees.stringOr(tree, "", "message"));
  }
}
