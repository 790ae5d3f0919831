package io.kubra.apiserver.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A compiled expression; may be evaluated by any thread. */
public final class Expression {
  private final String text;
  private final CelAbstractSyntaxTree ast;
  private final CelRuntime.Program program;
  private final CostTable costs;

  private Expression(String text, CelAbstractSyntaxTree ast, CelRuntime.Program program) {
    this.text = text;
    this.ast = ast;
    this.program = program;
    this.costs = CostTable.of(ast);
  }

  /**
   * Compiles an expression.
   *
   * @throws CelException if it is malformed or names what does not exist; its message is that of
   *     the compiler, with the place
   */
  public static Expression compile(Environment environment, String text) {
    try {
      CelAbstractSyntaxTree ast = environment.compiler().compile(text).getAst();
      return new Expression(text, ast, Libraries.RUNTIME.createProgram(ast));
    } catch (CelValidationException e) {
      throw new CelException(
          e.getErrors().stream()
              .map(issue -> shown(issue).toDisplayString(e.getSource()))
              .collect(Collectors.joining("\n")));
    } catch (CelEvaluationException e) {
      throw new CelException(Failures.message(e));
    }
  }

  /** Without the list of candidates, which upstream's compiler does not give. */
  private static CelIssue shown(CelIssue issue) {
    int candidates = issue.getMessage().indexOf(" (candidates: ");
    return candidates < 0
        ? issue
        : CelIssue.formatError(
            issue.getExprId(),
            issue.getSourceLocation(),
            issue.getMessage().substring(0, candidates));
  }

  /** As it was written. */
  public String text() {
    return text;
  }

  /** The type of its results. */
  public CelType type() {
    return ast.getResultType();
  }

  /** Whether it uses a variable. */
  boolean uses(String variable) {
    return ast.getReferenceMap().values().stream().anyMatch(r -> r.name().equals(variable));
  }

  /** What the checker found. */
  CelAbstractSyntaxTree ast() {
    return ast;
  }

  /**
   * Evaluates the expression.
   *
   * @param variables gives values by name; they are asked for when they are needed
   * @throws CelException if the values do not fit it, or it costs too much
   */
  public Object evaluate(Function<String, @Nullable Object> variables, Budget budget) {
    CostMeter meter = new CostMeter(costs);
    Object result = null;
    CelEvaluationException failure = null;
    try {
      result = program.trace(name -> Optional.ofNullable(variables.apply(name)), meter);
    } catch (CelEvaluationException e) {
      failure = e;
    }
    if (meter.exceeded()) {
      throw CelException.outOfBudget("operation cancelled: actual cost limit exceeded");
    }
    if (!budget.spend(meter.cost())) {
      throw CelException.outOfBudget(
          "validation failed due to running out of cost budget, no further validation rules will"
              + " be run");
    }
    if (failure != null) {
      if (Failures.own(failure) instanceof CelException own) {
        throw own;
      }
      throw new CelException(Failures.message(failure));
    }
    return result == null ? Values.NULL : result;
  }

  /** Evaluates the expression; failures name it. */
  public Object evaluateNamed(Function<String, @Nullable Object> variables, Budget budget) {
    try {
      return evaluate(variables, budget);
    } catch (CelException e) {
      if (e.isOutOfBudget()) {
        throw e;
      }
      throw new CelException("expression '" + text + "' resulted in error: " + e.message());
    }
  }
}
