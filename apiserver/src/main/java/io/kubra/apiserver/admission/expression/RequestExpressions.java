package io.kubra.apiserver.admission.expression;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.kubra.apiserver.cel.AuthorizerValue;
import io.kubra.apiserver.cel.CelException;
import io.kubra.apiserver.cel.ConstructedTypes;
import io.kubra.apiserver.cel.Environment;
import io.kubra.apiserver.cel.Expression;
import io.kubra.apiserver.cel.Types;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compiles expressions over a request, of policies or webhooks. Objects have no static types, as
 * one expression may see objects of many kinds; {@link #of} makes them typed, to check an
 * expression against one kind.
 */
public final class RequestExpressions {
  private static final String VARIABLES = "kubernetes.variables";

  private final boolean policy;
  private final boolean params;
  private final @Nullable CelType objectType;
  private final @Nullable CelType paramsType;
  private final Map<String, CelType> variables = new LinkedHashMap<>();
  private @Nullable Environment environment;

  private RequestExpressions(
      boolean policy, boolean params, @Nullable CelType objectType, @Nullable CelType paramsType) {
    this.policy = policy;
    this.params = params;
    this.objectType = objectType;
    this.paramsType = paramsType;
  }

  /**
   * Expressions without static types of objects.
   *
   * @param params whether there is a variable {@code params}
   */
  public static RequestExpressions untyped(boolean params) {
    return new RequestExpressions(true, params, null, null);
  }

  /** Match conditions of webhooks, which have no variables of policies and no namespace. */
  public static RequestExpressions ofWebhook() {
    return new RequestExpressions(false, false, null, null);
  }

  /**
   * Expressions over objects of a type.
   *
   * @param paramsType of {@code params}, null if there are none
   */
  public static RequestExpressions of(CelType objectType, @Nullable CelType paramsType) {
    return new RequestExpressions(true, paramsType != null, objectType, paramsType);
  }

  /**
   * Compiles an expression.
   *
   * @param results the types that its result may have; none for any
   * @throws CelException with upstream's message
   */
  public Expression compile(String text, CelType... results) {
    return compile(environment(), text, results);
  }

  /**
   * Compiles an expression that may construct objects and JSON patches.
   *
   * @throws CelException with upstream's message
   */
  public Expression compileMutation(String text, CelType result) {
    return compile(ConstructedTypes.forExpression(builder(), text), text, result);
  }

  private static Expression compile(Environment environment, String text, CelType... results) {
    Expression expression;
    try {
      expression = Expression.compile(environment, text);
    } catch (CelException e) {
      throw new CelException("compilation failed: " + e.message());
    }
    CelType type = expression.type();
    if (results.length > 0 && Arrays.stream(results).noneMatch(r -> Types.same(r, type))) {
      String wanted = Arrays.stream(results).map(Types::show).collect(Collectors.joining(", "));
      throw new CelException(
          results.length == 1
              ? "must evaluate to " + wanted
              : "must evaluate to one of [" + wanted + "]");
    }
    return expression;
  }

  /** Adds a variable that expressions compiled from now on can use. */
  public void variable(String name, CelType type) {
    variables.put(name, type);
    environment = null;
  }

  private Environment environment() {
    Environment known = environment;
    if (known == null) {
      known = builder().build();
      environment = known;
    }
    return known;
  }

  /** Starts an environment with everything that there is so far. */
  public Environment.Builder builder() {
    CelType object = objectType == null ? SimpleType.DYN : objectType;
    Environment.Builder builder =
        Environment.builder()
            .variable("object", object)
            .variable("oldObject", object)
            .variable("request", RequestTypes.REQUEST)
            .variable("authorizer", AuthorizerValue.type())
            .variable("authorizer.requestResource", AuthorizerValue.resourceType());
    if (!policy) {
      return builder;
    }
    builder.variable("namespaceObject", RequestTypes.NAMESPACE);
    if (params) {
      builder.variable("params", paramsType == null ? SimpleType.DYN : paramsType);
    }
    // Always there, so that a mistaken name is said to be a field that is not defined.
    builder.variable("variables", Types.object(VARIABLES, variables));
    return builder;
  }
}
