package io.kubra.apiserver.cel;

import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;

/** A compiled expression. */
public final class Expression {
  private final CelRuntime.Program program;

  private Expression(CelRuntime.Program program) {
    this.program = program;
  }

  /**
   * Compiles an expression over the variables {@code self} and {@code oldSelf}.
   *
   * @throws CelException if it is malformed or names what does not exist
   */
  public static Expression compile(String text) {
    try {
      return new Expression(Environment.CEL.createProgram(Environment.CEL.compile(text).getAst()));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new CelException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Evaluates the expression.
   *
   * @throws CelException if the values do not fit it
   */
  public Object evaluate(Map<String, Object> variables) {
    try {
      return program.eval(variables);
    } catch (CelEvaluationException e) {
      throw new CelException(String.valueOf(e.getMessage()));
    }
  }
}
