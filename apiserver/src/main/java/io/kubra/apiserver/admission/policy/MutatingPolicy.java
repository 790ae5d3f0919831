package io.kubra.apiserver.admission.policy;

import io.kubra.api.apply.PartialMerge;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.patch.JsonPatch;
import io.kubra.api.schema.DecodeException;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.PatchedObject;
import io.kubra.apiserver.admission.expression.MatchConditions;
import io.kubra.apiserver.admission.expression.RequestExpressions;
import io.kubra.apiserver.admission.expression.RequestValues;
import io.kubra.apiserver.cel.Budget;
import io.kubra.apiserver.cel.CelException;
import io.kubra.apiserver.cel.ConstructedObject;
import io.kubra.apiserver.cel.ConstructedTypes;
import io.kubra.apiserver.cel.Expression;
import io.kubra.apiserver.cel.Values;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A MutatingAdmissionPolicy; compiled when it is first evaluated. */
final class MutatingPolicy {
  private final Definition definition;
  private final Map<String, Object> tree;
  private final boolean repeats;
  private volatile @Nullable Compiled compiled;

  private MutatingPolicy(Definition definition, Map<String, Object> tree) {
    this.definition = definition;
    this.tree = tree;
    this.repeats = "IfNeeded".equals(Trees.string(tree, "spec", "reinvocationPolicy"));
  }

  static MutatingPolicy of(Map<String, Object> tree) {
    return new MutatingPolicy(Definition.of(tree), tree);
  }

  Definition definition() {
    return definition;
  }

  /** Whether it wants to see the object again after others changed it. */
  boolean repeats() {
    return repeats;
  }

  /** One change: an object to be merged, or a JSON patch. */
  sealed interface Mutation {
    /** An expression that gives a partial object. */
    record Apply(Expression expression) implements Mutation {}

    /** An expression that gives a list of operations. */
    record Patch(Expression expression) implements Mutation {}

    /** It cannot be compiled. */
    record Broken(String problem) implements Mutation {}
  }

  private record Compiled(
      MatchConditions conditions, Variables variables, List<Mutation> mutations) {}

  /**
   * Whether the match conditions hold for a request.
   *
   * @throws CelException if that cannot be found out
   */
  boolean concerns(RequestValues request, @Nullable Map<String, Object> params) {
    Compiled c = compiled();
    return c.conditions.match(c.variables.values(request, params, Budget.forMatchConditions()));
  }

  /** The changes, in their order. */
  List<Mutation> mutations() {
    return compiled().mutations;
  }

  /**
   * The object after a change, a tree of the caller's own.
   *
   * @throws CelException if the change cannot be made
   */
  Map<String, Object> mutated(
      Mutation mutation,
      Map<String, Object> object,
      RequestValues request,
      @Nullable Map<String, Object> params) {
    Budget budget = Budget.forRequest();
    var values = compiled().variables.values(request, params, budget);
    return switch (mutation) {
      case Mutation.Broken(String problem) -> throw new CelException(problem);
      case Mutation.Apply(Expression e) -> merged(e.evaluateNamed(values, budget), object, request);
      case Mutation.Patch(Expression e) ->
          patched(e.evaluateNamed(values, budget), object, request);
    };
  }

  private static Map<String, Object> merged(
      Object result, Map<String, Object> object, RequestValues request) {
    if (!(result instanceof ConstructedObject configuration)) {
      throw new CelException("unsupported return type from ApplyConfiguration expression");
    }
    try {
      configuration.checkTypes();
    } catch (CelException e) {
      throw new CelException("type mismatch: " + e.message());
    }
    Map<String, Object> partial = Trees.map(Values.toTree(configuration));
    if (partial == null) {
      throw new CelException("invalid return type");
    }
    GroupVersionKind kind = request.context().kindIn(request.form());
    try {
      Map<String, Object> merged =
          PartialMerge.of(PatchedObject.schema(request.form(), kind), object, partial);
      PatchedObject.decode(merged, request.form(), kind);
      return merged;
    } catch (IllegalArgumentException e) {
      throw new CelException("error applying patch: " + e.getMessage());
    } catch (DecodeException e) {
      throw new CelException("error applying patch: " + e.message());
    }
  }

  private static Map<String, Object> patched(
      Object result, Map<String, Object> object, RequestValues request) {
    if (!(result instanceof List<?> list)) {
      throw new CelException("type mismatch: JSONPatchType.expression should evaluate to array");
    }
    for (Object operation : list) {
      Object value = operation instanceof ConstructedObject o ? o.get("value") : null;
      if (value instanceof ConstructedObject below) {
        below.checkTypes();
      }
    }
    if (!(Values.toTree(list) instanceof List<?> operations) || operations.isEmpty()) {
      return object;
    }
    try {
      Map<String, Object> patched = Trees.map(JsonPatch.apply(object, operations));
      if (patched == null) {
        throw new CelException("JSONPath: the patch removes the object");
      }
      PatchedObject.decode(patched, request.form(), request.context().kindIn(request.form()));
      return patched;
    } catch (ApiException e) {
      List<Map<String, Object>> causes = Trees.maps(e.details(), "causes");
      String why =
          causes.isEmpty() ? e.message() : Trees.stringOr(causes.getFirst(), "", "message");
      if (why.contains("testing value") || why.contains("test failed")) {
        return object; // a test that fails means that there is nothing to do
      }
      throw new CelException("JSONPath: " + why);
    } catch (DecodeException e) {
      throw new CelException("JSONPath: " + e.message());
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
    RequestExpressions expressions = RequestExpressions.untyped(definition.paramKind() != null);
    Variables variables = Variables.of(Trees.maps(tree, "spec", "variables"), expressions);
    return new Compiled(
        MatchConditions.of(Trees.maps(tree, "spec", "matchConditions"), () -> expressions),
        variables,
        Trees.maps(tree, "spec", "mutations").stream().map(m -> mutation(m, expressions)).toList());
  }

  private static Mutation mutation(Map<String, Object> tree, RequestExpressions expressions) {
    try {
      return switch (Trees.stringOr(tree, "", "patchType")) {
        case "JSONPatch" ->
            new Mutation.Patch(
                expressions.compileMutation(
                    Trees.stringOr(tree, "", "jsonPatch", "expression"), ConstructedTypes.patch()));
        case "ApplyConfiguration" ->
            new Mutation.Apply(
                expressions.compileMutation(
                    Trees.stringOr(tree, "", "applyConfiguration", "expression"),
                    ConstructedTypes.object()));
        default -> new Mutation.Broken("unsupported patch type");
      };
    } catch (CelException e) {
      return new Mutation.Broken(e.message());
    }
  }
}
