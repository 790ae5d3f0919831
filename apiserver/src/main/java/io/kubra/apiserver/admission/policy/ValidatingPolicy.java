package io.kubra.apiserver.admission.policy;

import dev.cel.common.types.SimpleType;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.expression.MatchConditions;
import io.kubra.apiserver.admission.expression.RequestExpressions;
import io.kubra.apiserver.admission.expression.RequestValues;
import io.kubra.apiserver.cel.Budget;
import io.kubra.apiserver.cel.CelException;
import io.kubra.apiserver.cel.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A ValidatingAdmissionPolicy; compiled when it is first evaluated. */
final class ValidatingPolicy {
  private static final int LONGEST_MESSAGE = 5 * 1024;

  private final Definition definition;
  private final Map<String, Object> tree;
  private volatile @Nullable Compiled compiled;

  private ValidatingPolicy(Definition definition, Map<String, Object> tree) {
    this.definition = definition;
    this.tree = tree;
  }

  static ValidatingPolicy of(Map<String, Object> tree) {
    return new ValidatingPolicy(Definition.of(tree), tree);
  }

  Definition definition() {
    return definition;
  }

  /**
   * Something that speaks against a request.
   *
   * @param index of the validation; -1 if it is none that failed
   * @param reason of the Status
   * @param failed whether something could not be evaluated
   * @param always whether the request is refused whatever the binding's actions are
   */
  record Finding(int index, String message, String reason, boolean failed, boolean always) {}

  /** What an evaluation gave: findings, and notes for the audit log by key. */
  record Result(List<Finding> findings, Map<String, String> notes) {}

  private record Validation(
      String text,
      @Nullable Expression expression,
      String problem,
      String message,
      @Nullable Expression messageExpression,
      String reason) {}

  private record Note(String key, @Nullable Expression expression, String problem) {}

  private record Compiled(
      MatchConditions conditions,
      Variables variables,
      List<Validation> validations,
      List<Note> notes) {}

  /** Evaluates the policy for a request and one set of parameters. */
  Result evaluate(RequestValues request, @Nullable Map<String, Object> params) {
    Compiled c = compiled();
    Budget budget = Budget.forRequest();
    Function<String, @Nullable Object> values = c.variables.values(request, params, budget);
    List<Finding> findings = new ArrayList<>();
    Map<String, String> notes = new java.util.LinkedHashMap<>();
    try {
      if (!c.conditions.match(values)) {
        return new Result(List.of(), Map.of());
      }
    } catch (CelException e) {
      failed(e.message(), 0, findings);
      return new Result(findings, notes);
    }
    try {
      for (int i = 0; i < c.validations.size(); i++) {
        validate(c.validations.get(i), i, values, budget, findings);
      }
      for (Note note : c.notes) {
        note(note, values, budget, findings, notes);
      }
    } catch (CelException e) {
      failed(e.message(), 0, findings);
    }
    return new Result(findings, notes);
  }

  private void validate(
      Validation v,
      int index,
      Function<String, @Nullable Object> values,
      Budget budget,
      List<Finding> findings) {
    try {
      if (v.expression == null) {
        throw new CelException("compilation error: " + v.problem);
      }
      if (!Boolean.TRUE.equals(v.expression.evaluateNamed(values, budget))) {
        findings.add(new Finding(index, message(v, values, budget), v.reason, false, false));
      }
    } catch (CelException e) {
      if (e.isOutOfBudget()) {
        throw e;
      }
      failed(e.message(), index, findings);
    }
  }

  private void failed(String message, int index, List<Finding> findings) {
    if (!definition.ignoresFailures()) {
      findings.add(new Finding(index, message, "", true, false));
    }
  }

  private static String message(
      Validation v, Function<String, @Nullable Object> values, Budget budget) {
    String message = "";
    if (v.messageExpression != null) {
      try {
        Object said = v.messageExpression.evaluate(values, budget);
        boolean usable =
            said instanceof String s && s.indexOf('\n') < 0 && s.length() <= LONGEST_MESSAGE;
        message = usable ? String.valueOf(said).strip() : "";
      } catch (CelException e) {
        if (e.isOutOfBudget()) {
          throw e;
        }
      }
    }
    if (message.isEmpty()) {
      message = v.message.strip();
    }
    return message.isEmpty() ? "failed expression: " + v.text.strip() : message;
  }

  private void note(
      Note note,
      Function<String, @Nullable Object> values,
      Budget budget,
      List<Finding> findings,
      Map<String, String> notes) {
    try {
      if (note.expression == null) {
        throw new CelException("compilation error: " + note.problem);
      }
      if (note.expression.evaluateNamed(values, budget) instanceof String text && !text.isBlank()) {
        notes.put(note.key, text.strip());
      }
    } catch (CelException e) {
      if (e.isOutOfBudget()) {
        throw e;
      }
      if (!definition.ignoresFailures()) {
        findings.add(new Finding(-1, e.message(), "", true, true));
      }
    }
  }

  private Compiled compiled() {
    Compiled known = compiled;
    if (known == null) {
      known = compile();
      compiled = known;
    }
    return known;
  }

  private Compiled compile() {
    GroupVersionKind params = definition.paramKind();
    RequestExpressions expressions = RequestExpressions.untyped(params != null);
    Variables variables = Variables.of(Trees.maps(tree, "spec", "variables"), expressions);
    return new Compiled(
        MatchConditions.of(Trees.maps(tree, "spec", "matchConditions"), () -> expressions),
        variables,
        Trees.maps(tree, "spec", "validations").stream()
            .map(v -> validation(v, expressions))
            .toList(),
        Trees.maps(tree, "spec", "auditAnnotations").stream()
            .map(n -> note(n, expressions))
            .toList());
  }

  private static Validation validation(Map<String, Object> tree, RequestExpressions expressions) {
    String text = Trees.stringOr(tree, "", "expression");
    Expression expression = null;
    String problem = "";
    try {
      expression = expressions.compile(text, SimpleType.BOOL);
    } catch (CelException e) {
      problem = e.message();
    }
    String message = Trees.stringOr(tree, "", "messageExpression");
    Expression messageExpression = null;
    try {
      messageExpression =
          message.isBlank() ? null : expressions.compile(message, SimpleType.STRING);
    } catch (CelException e) {
      // Only a text is lost, and there is another to say.
    }
    return new Validation(
        text,
        expression,
        problem,
        Trees.stringOr(tree, "", "message"),
        messageExpression,
        Trees.stringOr(tree, "", "reason"));
  }

  private static Note note(Map<String, Object> tree, RequestExpressions expressions) {
    String key = Trees.stringOr(tree, "", "key");
    try {
      return new Note(
          key,
          expressions.compile(
              Trees.stringOr(tree, "", "valueExpression"), SimpleType.STRING, SimpleType.NULL_TYPE),
          "");
    } catch (CelException e) {
      return new Note(key, null, e.message());
    }
  }
}
