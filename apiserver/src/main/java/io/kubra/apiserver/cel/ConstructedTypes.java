package io.kubra.apiserver.cel;

import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The types that expressions of mutations construct. {@code Object} and the types below it are
 * named after the path of the field they are for; whether there is such a field shows when the
 * result is merged, so they have the fields that the expression gives them.
 */
public final class ConstructedTypes {
  private static final String OBJECT = "Object";

  /** One operation of a JSON patch. */
  private static final CelType PATCH =
      Types.object(
          "JSONPatch",
          Map.of(
              "op", SimpleType.STRING,
              "path", SimpleType.STRING,
              "from", SimpleType.STRING,
              "value", SimpleType.DYN));

  /** Makes a key a step of a path. */
  static final Function ESCAPE_KEY =
      Function.of(
          "jsonpatch.escapeKey",
          Function.global(
              "jsonpatch_escape_key_string",
              SimpleType.STRING,
              List.of(Function.Arg.STRING),
              a -> ((String) a[0]).replace("~", "~0").replace("/", "~1")));

  private ConstructedTypes() {}

  /** The type of an apply configuration. */
  public static CelType object() {
    return Types.object(OBJECT, Map.of());
  }

  /** The type of a JSON patch. */
  public static CelType patch() {
    return ListType.create(PATCH);
  }

  /** An environment with the types that an expression constructs. */
  public static Environment forExpression(Environment.Builder builder, String text) {
    builder.type(PATCH).function(ESCAPE_KEY);
    named(text).forEach((name, fields) -> builder.type(Types.object(name, fields)));
    return builder.build();
  }

  private static Map<String, Map<String, CelType>> named(String text) {
    Map<String, Map<String, CelType>> types = new LinkedHashMap<>();
    types.put(OBJECT, new LinkedHashMap<>());
    Collection<CelExpr> all;
    try {
      all =
          CelNavigableAst.fromAst(Environment.parse(text))
              .getRoot()
              .allNodes()
              .map(node -> node.expr())
              .toList();
    } catch (CelValidationException e) {
      return types; // the compiler will say it again
    }
    for (CelExpr e : all) {
      if (e.getKind() == Kind.STRUCT) {
        String name = e.struct().messageName();
        if (name.equals(OBJECT) || name.startsWith(OBJECT + ".")) {
          Map<String, CelType> fields = types.computeIfAbsent(name, n -> new LinkedHashMap<>());
          e.struct().entries().forEach(entry -> fields.put(entry.fieldKey(), SimpleType.DYN));
        }
      }
    }
    return types;
  }
}
